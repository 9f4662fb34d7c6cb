/**
 * go-plugin's own interface of a plugin, in two halves. `definePlugin` makes both from a contract. Write them by
 * hand for what a contract does not cover.
 */
import type { Registry } from "../../protocol/gob/registry.js";
import type { EnvNames, LineGrammar } from "../../protocol/handshake/index.js";
import type { RpcClient, Service } from "../../protocol/netrpc/index.js";
import type { MuxBroker } from "./mux-broker.js";

interface Registered {
  /**
   * The types behind Go interfaces in the plugin's calls, by the names under which Go code registers them.
   * Default: only the predeclared types. Go: `gob.Register`, which applies to the whole process.
   */
  readonly registry?: Registry | undefined;
}

/** What a host needs of a plugin. Go: `Plugin.Client`. */
export interface ClientPlugin<out C> extends Registered {
  /**
   * Makes the object that `dispense` returns.
   *
   * @param rpc - a net/rpc client on the dispensed plugin's own stream. The service there is named `Plugin`.
   */
  client(broker: MuxBroker, rpc: RpcClient): C | Promise<C>;
}

/** What a plugin needs to be served. Go: `Plugin.Server`. */
export interface ServerPlugin extends Registered {
  /** Makes a service. Each Dispense calls it, so that hosts do not share instances. */
  server(broker: MuxBroker): Service | Promise<Service>;
}

/** Both halves. Go: `plugin.Plugin`. */
export interface Plugin<out C> extends ClientPlugin<C>, ServerPlugin {}

/** The plugins that a host can dispense, by name. Go: `PluginSet`. */
export type ClientPluginSet = { readonly [name: string]: ClientPlugin<unknown> };
/** The plugins that a program serves, by name. Go: `PluginSet`. */
export type ServerPluginSet = { readonly [name: string]: ServerPlugin };

/** What `dispense` returns for a plugin. */
export type ClientOf<P> = P extends ClientPlugin<infer C> ? C : never;

/** What both sides must agree on. Go: `HandshakeConfig`. */
export interface HandshakeConfig {
  /** The application version of `plugins`. Default 0. Not needed with `versionedPlugins`. */
  readonly protocolVersion?: number;
  /** The environment variable by which a plugin knows that a host has started it. Not a secret. */
  readonly magicCookieKey: string;
  /** The value of that variable. */
  readonly magicCookieValue: string;
  /**
   * The handshake line of a protocol that is a sibling of go-plugin, such as Packer's. Default `GO_PLUGIN_LINE`. A
   * line without a field for the protocol means `line.defaultProtocol`.
   */
  readonly line?: LineGrammar;
  /** The names of the environment variables, if they are not go-plugin's. Default `GO_PLUGIN_ENV`. */
  readonly envNames?: EnvNames;
}
