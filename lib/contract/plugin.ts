import type { Registry } from "../../protocol/gob/registry.js";
import type { RpcClient, Service } from "../../protocol/netrpc/index.js";
import type { MuxBroker } from "./mux-broker.js";

/**
 * go-plugin's own interface, in two halves. Contracts (`definePlugin`) are built on it; write it
 * by hand for what a contract does not cover.
 */

interface Registered {
  /**
   * The types behind Go interfaces in the plugin's calls, by the names under which Go code registers them.
   * Default: the predeclared types only. Go: `gob.Register`, which holds for the whole process.
   */
  readonly registry?: Registry | undefined;
}

/** What a host needs of a plugin. Go: `Plugin.Client`. */
export interface ClientPlugin<out C> extends Registered {
  /**
   * Makes the object that `dispense` returns.
   *
   * @param rpc - a net/rpc client on the dispensed plugin's own stream; its service is `Plugin`.
   */
  client(broker: MuxBroker, rpc: RpcClient): C | Promise<C>;
}

/** What a plugin needs to be served. Go: `Plugin.Server`. */
export interface ServerPlugin extends Registered {
  /** Makes the service of one Dispense: called each time, so instances are not shared. */
  server(broker: MuxBroker): Service | Promise<Service>;
}

/** Go: `plugin.Plugin`. */
export interface Plugin<out C> extends ClientPlugin<C>, ServerPlugin {}

/** The plugins a host knows, by name. Go: `PluginSet`. */
export type ClientPluginSet = { readonly [name: string]: ClientPlugin<unknown> };
/** The plugins a plugin serves, by name. */
export type ServerPluginSet = { readonly [name: string]: ServerPlugin };

/** What `dispense` gives for a plugin. */
export type ClientOf<P> = P extends ClientPlugin<infer C> ? C : never;

/** What both sides must agree on. Go: `HandshakeConfig`. */
export interface HandshakeConfig {
  /** The application version of `plugins`; not needed with `versionedPlugins`. */
  readonly protocolVersion?: number;
  readonly magicCookieKey: string;
  readonly magicCookieValue: string;
}
