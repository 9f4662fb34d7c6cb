import { RpcError } from "../errors.js";
import type { AnySchema } from "../schema/index.js";
import type { CallContext, Implementation, Methods } from "./contract.js";

/** One method as the server calls it. */
export interface ServiceMethod<C = CallContext> {
  readonly args: AnySchema;
  readonly reply: AnySchema;
  readonly handler: (args: never, call: C) => unknown;
}

/** The methods of one service by the name on the wire, without the service's own name. */
export type Service = ReadonlyMap<string, ServiceMethod>;

/** The name of a method on the wire. */
export const goName = (key: string, method: { readonly go?: string }): string => method.go ?? key;

/** Refuses what no caller object could offer. A method `then` would make it a thenable. */
export function assertMethods(methods: Methods): void {
  const names = new Map<string, string>();
  for (const [key, method] of Object.entries(methods)) {
    const name = goName(key, method);
    if (key === "then") {
      throw new RpcError(
        "bad-service",
        "netrpc: a method cannot have the key then, give it another and its name as go",
      );
    }
    if (name === "" || name.includes(".")) {
      throw new RpcError("bad-service", `netrpc: bad method name ${JSON.stringify(name)}`);
    }
    const other = names.get(name);
    if (other !== undefined) {
      throw new RpcError("bad-service", `netrpc: ${other} and ${key} are both ${name} on the wire`);
    }
    names.set(name, key);
  }
}

/**
 * A service out of a contract's methods and their implementation.
 *
 * @param toCall - what handlers get as their second argument, made from net/rpc's own context.
 * @throws RpcError `bad-service` for a method that is missing or cannot be named.
 */
export function service<M extends Methods, C = CallContext>(
  methods: M,
  implementation: Implementation<M, C>,
  toCall: (call: CallContext) => C = (call) => call as C,
): Service {
  assertMethods(methods);
  const table = new Map<string, ServiceMethod>();
  for (const [key, method] of Object.entries(methods)) {
    // Looked up per call, not bound here: `this` stays the implementation, and spies work in tests.
    const target = implementation as unknown as Record<string, (args: unknown, call: C) => unknown>;
    if (typeof target[key] !== "function") {
      throw new RpcError("bad-service", `netrpc: the implementation lacks the method ${key}`);
    }
    table.set(goName(key, method), {
      args: method.args,
      reply: method.reply,
      handler: (args: unknown, call: CallContext) => target[key]!(args, toCall(call)),
    });
  }
  return table;
}
