/** The types of a connected plugin: which names, instances and versions a client has for its configuration. */
import type { CallOptions } from "../../protocol/netrpc/index.js";
import type { MuxBroker } from "../contract/mux-broker.js";
import type { ClientOf, ClientPluginSet } from "../contract/plugin.js";

/** Plugin sets by application version. */
export type VersionedPlugins = { readonly [version: number]: ClientPluginSet };

/** A connected plugin; `version` tells which set it serves. Go: `ClientProtocol`. */
export interface ConnectedPlugin<P extends ClientPluginSet, Version extends number> {
  /** The negotiated application version. */
  readonly version: Version;
  /**
   * Makes a new instance of a plugin of this set.
   *
   * @throws PluginError `unknown-plugin`; `ended`, `connection-lost`. @throws ServerError from the plugin.
   */
  dispense<N extends keyof P & string>(name: N, options?: CallOptions): Promise<ClientOf<P[N]>>;
  /**
   * Further streams between host and plugin, for what no contract covers: `accept`, `dial` and the rest. It belongs to
   * this connection, and its ids are the same as those of the contracts on it. Go: the first argument of `Plugin.Client`.
   */
  readonly broker: MuxBroker;
  /** Calls the plugin and waits for its answer. @throws PluginError `ended`, `connection-lost`. */
  ping(options?: CallOptions): Promise<void>;
}

// A type parameter that the user did not give is inferred as its bound. A set that is built at run time has every key
// too, but most say more of their plugins than the bound does.
type Given<P> = ClientPluginSet extends P ? never : P;
type GivenVersion<V> = VersionedPlugins extends V ? never : keyof V & number;

type ConnectedTo<P extends ClientPluginSet, V extends VersionedPlugins> =
  | { [K in GivenVersion<V>]: ConnectedPlugin<V[K], K> }[GivenVersion<V>]
  | ([Given<P>] extends [never] ? never : ConnectedPlugin<P, number>);

/**
 * What `Client.client` gives. It has one member per version, so that `connected.version === 3` narrows the names and
 * types of plugins.
 */
export type Connected<P extends ClientPluginSet, V extends VersionedPlugins> = [
  ConnectedTo<P, V>,
] extends [never]
  ? ConnectedPlugin<ClientPluginSet, number>
  : ConnectedTo<P, V>;

/** The union of the sets that a name may come from. */
export type SetOf<P, V> = [Given<P> | GivenVersion<V>] extends [never]
  ? ClientPluginSet
  : Given<P> | { [K in GivenVersion<V>]: V[K] }[GivenVersion<V>];

/** The names of all plugins in the union of sets `S`. */
export type NameIn<S> = S extends ClientPluginSet ? keyof S & string : never;

/** What `dispense` gives for the name `N`, from whichever set of `S` has it. */
export type Dispensed<S, N extends string> = S extends unknown
  ? N extends keyof S
    ? ClientOf<S[N]>
    : never
  : never;
