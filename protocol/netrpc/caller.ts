/** From a contract to an object with its methods, on the calling side. */
import type { AnySchema } from "../schema/index.js";
import type { RpcClient } from "./client.js";
import type { Caller, MethodCallOptions, Methods } from "./contract.js";
import { assertMethods, goName } from "./service.js";

/**
 * A typed client for one service on `rpc`. Disposing it closes `rpc`. A plain object, because a Proxy would
 * have a method `then` as well, and `await` would take it for a promise.
 *
 * @param serviceName - Go's registered name; go-plugin always uses `Plugin`.
 * @throws RpcError `bad-service` for a contract that cannot be called.
 */
export function caller<M extends Methods>(
  rpc: RpcClient,
  serviceName: string,
  methods: M,
): Caller<M> {
  assertMethods(methods);
  const target: Record<PropertyKey, unknown> = Object.create(null);
  for (const [key, method] of Object.entries(methods)) {
    const serviceMethod = `${serviceName}.${goName(key, method)}`;
    target[key] = (args: unknown, options?: MethodCallOptions<AnySchema>) =>
      rpc.call(serviceMethod, method, args as never, options as never);
  }
  target[Symbol.asyncDispose] = () => rpc.close();
  return target as Caller<M>;
}
