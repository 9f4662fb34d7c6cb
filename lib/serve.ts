import { fromDuplex } from "../mux/duplex.js";
import {
  type CookieProblem,
  checkCookie,
  formatLine,
  GO_PLUGIN_ENV,
  negotiateVersion,
} from "../protocol/handshake/index.js";
import { PluginError } from "./errors.js";
import { openListener } from "./listener.js";
import type { HandshakeConfig, ServerPluginSet } from "./plugin.js";
import { PluginConnection } from "./rpc-server.js";
import { PluginStdio } from "./stdio.js";

export interface ServeConfig {
  readonly handshake: HandshakeConfig;
  /** The plugins of `handshake.protocolVersion`; they beat `versionedPlugins` for it. */
  readonly plugins?: ServerPluginSet;
  readonly versionedPlugins?: { readonly [version: number]: ServerPluginSet };
}

/** How long the process may outlive `serve` when something else keeps it running. */
const LINGER_MS = 1000;

/** How long connections may take to close after Quit was answered. */
const CLOSE_MS = 500;

/** [HANDSHAKE-10] Three lines each, as users know them from every Go plugin. */
const COOKIE_TEXTS: Readonly<Record<CookieProblem, string>> = {
  misconfigured:
    "Misconfigured ServeConfig given to serve this plugin: no magic cookie\n" +
    "key or value was set. Please notify the plugin author and report\n" +
    "this as a bug.\n",
  "not-a-host":
    "This binary is a plugin. These are not meant to be executed directly.\n" +
    "Please execute the program that consumes these plugins, which will\n" +
    "load any plugins automatically\n",
};

/**
 * Serves plugins to the host that started this process; resolves after the host said Quit. Without
 * the host's cookie it prints the usual three lines and exits with code 1.
 *
 * From the handshake on, what the program prints goes to the host's sync streams. When `serve` has
 * resolved, code after it runs; if something still keeps the process alive a second later, it is
 * ended, because the host would kill it.
 *
 * @throws PluginError `bad-config`, `listen-failed`, `path-too-long`: exit non-zero then. An
 * unhandled rejection does. Go: `Serve`.
 */
export async function serve(config: ServeConfig): Promise<void> {
  const problem = checkCookie(process.env, config.handshake);
  if (problem !== undefined) {
    process.stderr.write(COOKIE_TEXTS[problem]);
    process.exit(1);
  }
  const stdio = new PluginStdio();
  stdio.guard();
  const sets = pluginSets(config);
  const { version, invalid } = negotiateVersion(process.env, [...sets.keys()]);
  for (const item of invalid) {
    stdio.log(`server sent invalid plugin version ${JSON.stringify(item)}`);
  }
  let onQuit!: () => void;
  const quit = new Promise<void>((resolve) => {
    onQuit = resolve;
  });
  const connections = new Set<PluginConnection>();
  const listener = await openListener(process.env, (socket) => {
    const connection = new PluginConnection(fromDuplex(socket), {
      plugins: sets.get(version)!,
      stdout: stdio.stdout,
      stderr: stdio.stderr,
      onQuit,
      onError: (text, error) =>
        stdio.log(`[ERR] go-plugin: ${text}: ${(error as Error).message ?? error}`),
    });
    connections.add(connection);
    connection.serve().finally(() => connections.delete(connection));
  });
  // The terminal's Ctrl-C is for the host, which ends us in its own way.
  process.on("SIGINT", () => {});
  stdio.announce(
    formatLine({
      appVersion: version,
      network: listener.network,
      address: listener.address,
      protocol: "netrpc",
      certificate: "",
      // Asked for or not, net/rpc has no other way; old hosts must not see the field unasked.
      multiplex: process.env[GO_PLUGIN_ENV.multiplex] ? "true" : "",
    }),
  );
  stdio.redirect();
  await quit;
  await listener.close();
  await Promise.race([
    Promise.all([...connections].map((connection) => connection.close())),
    new Promise((resolve) => setTimeout(resolve, CLOSE_MS).unref()),
  ]);
  setTimeout(() => process.exit(), LINGER_MS).unref();
}

/** All sets by version. On the plugin `plugins` wins over `versionedPlugins` [HANDSHAKE-11]. */
function pluginSets(config: ServeConfig): ReadonlyMap<number, ServerPluginSet> {
  const sets = new Map<number, ServerPluginSet>();
  for (const [version, set] of Object.entries(config.versionedPlugins ?? {})) {
    sets.set(Number(version), set);
  }
  if (config.plugins !== undefined) sets.set(config.handshake.protocolVersion ?? 0, config.plugins);
  if (sets.size === 0) {
    throw new PluginError("bad-config", "plugin: no plugins to serve", { phase: "config" });
  }
  return sets;
}
