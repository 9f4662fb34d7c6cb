import {
  type CookieProblem,
  checkCookie,
  formatLine,
  GO_PLUGIN_ENV,
  negotiateVersion,
} from "../../protocol/handshake/index.js";
import type { HandshakeConfig, ServerPluginSet } from "../contract/plugin.js";
import { PluginError } from "../errors.js";
import { removeSocketFile } from "../net/socket-file.js";
import { writeRealStderr } from "../observe/line-writer.js";
import { guarded, type Logger } from "../observe/logger.js";
import { BLOCKED_TEXT, watchLoop } from "../observe/watch-loop.js";
import { traceAsPlugin, tracer } from "../observe/trace.js";
import { pluginTls, type TlsProvider } from "../tls/plugin-tls.js";
import { watchHost } from "./watch-host.js";
import { pluginLogger } from "./plugin-logger.js";
import { PluginServer } from "./plugin-server.js";
import { PluginStdio } from "./plugin-stdio.js";

export interface ServeConfig {
  readonly handshake: HandshakeConfig;
  /** The plugins of `handshake.protocolVersion`; they beat `versionedPlugins` for it. */
  readonly plugins?: ServerPluginSet;
  readonly versionedPlugins?: { readonly [version: number]: ServerPluginSet };
  /** Where to listen. Default `tcp` on Windows, `unix` elsewhere. */
  readonly network?: "unix" | "tcp";
  /**
   * TLS on every connection, as `tls.createServer` takes it; asked once. It beats AutoMTLS, unless it gives
   * nothing. Without it a host that offers AutoMTLS gets it.
   */
  readonly tlsProvider?: TlsProvider;
  /** goplug's own log records. Default: `pluginLogger()`, the host's log. */
  readonly logger?: Logger;
  /**
   * End when the host has gone without Quit. Default true; switch it off for a plugin that hosts reattach
   * to. The environment variable `GOPLUG_EXIT_WITH_HOST=false` does so from outside.
   */
  readonly exitWithHost?: boolean;
}

/** Signals that end a plugin in order. Go plugins die of them, and leave their socket behind. */
const END_SIGNALS = ["SIGTERM", "SIGHUP"] as const;

/** How long the process may outlive `serve` when something else keeps it running. */
const LINGER_MS = 1000;

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
 * Serves plugins to the host that started this process; resolves after the host said Quit, or has gone,
 * or the process was told to end (SIGTERM, SIGHUP). Without the host's cookie it prints the usual three lines
 * and exits with code 1.
 *
 * From the handshake on, what the program prints goes to the host's sync streams; `pluginLogger` writes
 * to the host's log. When `serve` has resolved, code after it runs; if something still keeps the process
 * alive a second later, it is ended, because the host would kill it.
 *
 * @throws PluginError `bad-config`, `listen-failed`, `path-too-long`, `tls-failed`; unhandled, that makes
 * the exit code 1. Go: `Serve`.
 */
export async function serve(config: ServeConfig): Promise<void> {
  const problem = checkCookie(process.env, config.handshake);
  if (problem !== undefined) {
    process.stderr.write(COOKIE_TEXTS[problem]);
    process.exit(1);
  }
  const logger = config.logger === undefined ? pluginLogger() : guarded(config.logger);
  const stdio = new PluginStdio();
  stdio.guard();
  traceAsPlugin();
  const sets = serverPluginSets(config);
  const { version, invalid } = negotiateVersion(process.env, [...sets.keys()]);
  for (const item of invalid) {
    writeRealStderr(`server sent invalid plugin version ${JSON.stringify(item)}`);
  }
  const { tls, certificate } = await pluginTls(config.tlsProvider, process.env, logger);
  const server = await PluginServer.open({
    env: process.env,
    network: config.network,
    tls,
    plugins: sets.get(version)!,
    stdout: stdio.stdout,
    stderr: stdio.stderr,
    onError: (text, error) => logger.error({ error: String(error) }, text),
  });
  const { network, address } = server.listener;
  logger.debug({ network, address }, "plugin address");
  // Plugin code may call process.exit, which closes nothing.
  process.once("exit", () => removeSocketFile({ network, address }));
  const end = watchEnd(server, config, logger);
  const line = formatLine({
    appVersion: version,
    network,
    address,
    protocol: "netrpc",
    certificate,
    // Asked for or not, net/rpc has no other way; old hosts must not see the field unasked.
    multiplex: process.env[GO_PLUGIN_ENV.multiplex] ? "true" : "",
  });
  tracer("handshake")?.(`line: ${line.trimEnd()}`);
  stdio.announce(line);
  stdio.redirect();
  await end;
  await server.close();
  setTimeout(() => process.exit(), LINGER_MS).unref();
}

/** Resolves when there is a reason to end, whichever comes first. */
function watchEnd(server: PluginServer, config: ServeConfig, logger: Logger): Promise<void> {
  return new Promise((resolve) => {
    server.quit.then(resolve);
    // The terminal's Ctrl-C is for the host, which ends us in its own way.
    let interrupts = 0;
    process.on("SIGINT", () => {
      logger.trace({ count: ++interrupts }, "plugin received interrupt signal, ignoring");
    });
    for (const signal of END_SIGNALS) process.once(signal, () => resolve());
    watchLoop((blockedMs) => logger.warn({ blockedMs }, BLOCKED_TEXT));
    if (config.exitWithHost !== false && process.env.GOPLUG_EXIT_WITH_HOST !== "false") {
      watchHost({ connectionCount: () => server.connectionCount, onHostGone: resolve });
    }
    process.once("uncaughtException", (error) => endBadly(server, logger, error));
    process.once("unhandledRejection", (error) => endBadly(server, logger, error));
  });
}

/** An error that nobody caught: every waiting caller and the log hear of it [PLUGIN-10]. */
async function endBadly(server: PluginServer, logger: Logger, error: unknown): Promise<void> {
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error ? error.stack : undefined;
  logger.error({ error: message, stack }, "uncaught error in plugin");
  server.fail(`plugin ended by an uncaught error: ${message}`);
  await server.close();
  process.exit(1);
}

/** All sets by version. On the plugin `plugins` wins over `versionedPlugins` [HANDSHAKE-11]. */
export function serverPluginSets(config: ServeConfig): ReadonlyMap<number, ServerPluginSet> {
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
