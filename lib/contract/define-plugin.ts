import type { Registry } from "../../protocol/gob/registry.js";
import {
  type CallContext,
  type Caller,
  caller,
  type Implementation,
  type Methods,
  service,
} from "../../protocol/netrpc/index.js";
import { assertMethods } from "../../protocol/netrpc/service.js";
import { PLUGIN_SERVICE } from "./services.js";
import type { MuxBroker } from "./mux-broker.js";
import type { ClientPlugin, Plugin } from "./plugin.js";

/** What a plugin's method learns about the call it answers. */
export interface PluginCallContext extends CallContext {
  /** The broker of the connection the call came on: for callbacks and streams. */
  readonly broker: MuxBroker;
}

/** What the methods of a plugin look like. */
export type PluginImplementation<M> = Implementation<M, PluginCallContext>;

/** The TypeScript twin of a Go plugin's interface; both sides share it. */
export interface PluginContract<M> extends ClientPlugin<Caller<M>> {
  readonly methods: M;
  /**
   * The contract with its methods behind it, ready to serve. Given a function, each Dispense calls
   * it for an implementation of its own.
   *
   * @throws RpcError `bad-service` when a method is missing (the function form: at Dispense).
   */
  implement(
    implementation: PluginImplementation<M> | ((broker: MuxBroker) => PluginImplementation<M>),
  ): Plugin<Caller<M>>;
}

export interface DefinePluginOptions {
  /**
   * The types behind Go interfaces in the plugin's calls, by the names under which Go code registers them.
   * Without it such a value arrives as a tagged one, with its name and the peer's type.
   */
  readonly registry?: Registry | undefined;
}

/**
 * Defines a plugin by its methods. The keys are Go's method names, unless `go` gives another.
 *
 * @throws RpcError `bad-service` for names that cannot be called.
 */
export function definePlugin<const M extends Methods>(
  methods: M,
  { registry }: DefinePluginOptions = {},
): PluginContract<M> {
  assertMethods(methods);
  const client = (_broker: MuxBroker, rpc: Parameters<ClientPlugin<unknown>["client"]>[1]) =>
    caller(rpc, PLUGIN_SERVICE, methods);
  return {
    methods,
    registry,
    client,
    implement: (implementation) => ({
      registry,
      client,
      server: (broker) =>
        service<M, PluginCallContext>(
          methods,
          typeof implementation === "function" ? implementation(broker) : implementation,
          ({ signal, serviceMethod }) => ({ signal, serviceMethod, broker }),
        ),
    }),
  };
}
