/** What a plugin serves, and how. */
import { assertPlugins, badConfig } from "../contract/check-config.js";
import type { HandshakeConfig, ServerPluginSet } from "../contract/plugin.js";
import type { Logger } from "../observe/logger.js";
import type { TlsProvider } from "../tls/plugin-tls.js";
import type { ServeConn } from "./served-connection.js";

/** Options of {@link serve}. Go: `ServeConfig`. */
export interface ServeConfig {
  /** Must equal the host's. */
  readonly handshake: HandshakeConfig;
  /** The plugins of version `handshake.protocolVersion`. They replace the entry of `versionedPlugins` for it. */
  readonly plugins?: ServerPluginSet;
  /** The plugins of each application version. The highest version that the host has too is served. */
  readonly versionedPlugins?: { readonly [version: number]: ServerPluginSet };
  /**
   * Serves each connection in a way of its own, instead of `plugins`: for a protocol that is a sibling of go-plugin. With
   * TLS it gets the decrypted bytes. The connection counts until it is closed. What the program prints on stdout goes to
   * stderr then, because there are no sync streams.
   */
  readonly serveConn?: ServeConn;
  /**
   * Stop listening after so many connections, and end when the last one has ended. A unix socket's file is gone from then
   * on. For hosts that end their plugins with SIGKILL, which leaves files behind. Default: no limit.
   */
  readonly maxConnections?: number;
  /** What to listen on. Default `tcp` on Windows, `unix` elsewhere. */
  readonly network?: "unix" | "tcp";
  /**
   * Gives the options for TLS on every connection. Called once, when `serve` starts. Default, or when it gives
   * undefined: AutoMTLS if the host offers it, else no TLS.
   */
  readonly tlsProvider?: TlsProvider;
  /** Gets goplug's own log records. Default: `pluginLogger()`, which writes to the host's log. */
  readonly logger?: Logger;
  /**
   * Whether a contract must have exactly the fields of the host's types. If not, the call fails at the host with the text
   * of a CodecError `type-mismatch`, reason `fields`. Default false: differences are logged [GOB-56].
   */
  readonly strict?: boolean;
  /**
   * Whether to end when the host has gone without saying Quit. Default true. Set it to false for a plugin to
   * which hosts reattach; the environment variable `GOPLUG_EXIT_WITH_HOST=false` does the same from outside.
   */
  readonly exitWithHost?: boolean;
  /**
   * How many bytes of what is printed may wait for a host, for stdout and stderr each. May be Infinity. While more
   * wait, whole writes are lost: their callbacks get a PluginError `output-lost`, and the log tells how many bytes. A
   * program that heeds the result of `write`, or uses `pipeline`, never comes near it. Default 256 MiB: nothing leaves
   * during a turn of the event loop, so it must hold what one turn prints [PLUGIN-11].
   */
  readonly maxWaitingOutputBytes?: number;
}

/**
 * All sets of plugins by version. On the plugin's side `plugins` wins over `versionedPlugins` [HANDSHAKE-11].
 * With `serveConn` there is one version and its set is empty.
 *
 * @throws PluginError `bad-config` when there are none, or when there are also `serveConn`.
 */
export function serverPluginSets(
  config: Pick<ServeConfig, "handshake" | "plugins" | "versionedPlugins" | "serveConn">,
): ReadonlyMap<number, ServerPluginSet> {
  assertPlugins(config, "server");
  const sets = new Map<number, ServerPluginSet>();
  for (const [version, set] of Object.entries(config.versionedPlugins ?? {})) {
    sets.set(Number(version), set);
  }
  const version = config.handshake.protocolVersion ?? 0;
  if (config.plugins !== undefined) sets.set(version, config.plugins);
  if (config.serveConn !== undefined) {
    if (sets.size > 0) {
      throw badConfig("plugin: serveConn and plugins are two ways to serve; give one of them");
    }
    sets.set(version, {});
  }
  if (sets.size === 0) {
    throw badConfig("plugin: no plugins to serve");
  }
  return sets;
}
