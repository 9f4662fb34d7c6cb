/** Contracts: plugins defined by their methods, for both sides. */
import { Registry } from "../../protocol/gob/registry.js";
import {
  type CallContext,
  type Caller,
  caller,
  type Implementation,
  type Methods,
  service,
} from "../../protocol/netrpc/index.js";
import type { RightKeys } from "../../protocol/netrpc/right-keys.js";
import { assertImplementation, assertMethods } from "../../protocol/netrpc/service.js";
import type { MuxBroker } from "./mux-broker.js";
import type { ClientPlugin, Plugin } from "./plugin.js";
import { PLUGIN_SERVICE } from "./services.js";

/** What a plugin's method gets beside its argument. */
export interface PluginCallContext extends CallContext {
  /** The broker of the connection that the call came on, for callbacks and streams. */
  readonly broker: MuxBroker;
}

/** An object with the methods of a plugin. */
export type PluginImplementation<M> = Implementation<M, PluginCallContext>;

/** What a Go plugin's interface is in TypeScript. Host and plugin share it. */
export interface PluginContract<M> extends ClientPlugin<Caller<M>> {
  /** As given to {@link definePlugin}. */
  readonly methods: M;
  /**
   * The contract with its implementation, ready to serve.
   *
   * @param implementation - an object for all hosts, or a function that each Dispense calls for an object of
   *   its own.
   * @throws RpcError `bad-service` when a method is missing. With a function that fails the Dispense.
   */
  implement<I extends PluginImplementation<M>, Made extends PluginImplementation<M>>(
    implementation: (I & RightKeys<M, I>) | ((broker: MuxBroker) => Made & RightKeys<M, Made>),
  ): Plugin<Caller<M>>;
}

/** Options of {@link definePlugin}. */
export interface DefinePluginOptions {
  /**
   * The types behind Go interfaces in the plugin's calls, by the names under which Go code registers them. The types
   * that `gob.registered` and `gob.oneOf` name in the methods are added. Default: only those, and the predeclared
   * types. A value of another type then arrives with its name and the peer's type.
   */
  readonly registry?: Registry | undefined;
}

/**
 * Defines a plugin by its methods.
 *
 * @param methods - by Go's method names. A key may differ from Go's name if the method's `go` gives that.
 * @throws RpcError `bad-service` for names that cannot be called.
 */
export function definePlugin<const M extends Methods>(
  methods: M,
  { registry }: DefinePluginOptions = {},
): PluginContract<M> {
  assertMethods(methods);
  let all: Registry | undefined;
  // Made on first use, because schemas may refer to others that are not defined yet.
  const registryOfAll = () => {
    all ??= (registry ?? new Registry()).adopt(schemasOf(methods));
    return all;
  };
  const client = (_broker: MuxBroker, rpc: Parameters<ClientPlugin<unknown>["client"]>[1]) =>
    caller(rpc, PLUGIN_SERVICE, methods);
  return {
    methods,
    get registry() {
      return registryOfAll();
    },
    client,
    implement: (implementation) => {
      if (typeof implementation !== "function") assertImplementation(methods, implementation);
      return {
        get registry() {
          return registryOfAll();
        },
        client,
        server: (broker) =>
          service<M, PluginCallContext>(
            methods,
            typeof implementation === "function" ? implementation(broker) : implementation,
            ({ signal, serviceMethod }) => ({ signal, serviceMethod, broker }),
          ),
      };
    },
  };
}

const schemasOf = (methods: Methods) =>
  Object.values(methods).flatMap(({ args, reply }) => [args, reply]);
