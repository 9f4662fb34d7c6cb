/** A process that is a plugin: from the cookie to the exit. */
import {
  type CookieProblem,
  checkCookie,
  formatLine,
  GO_PLUGIN_ENV,
  negotiateVersion,
} from "../../protocol/handshake/index.js";
import { removeSocketFile } from "../net/socket-file.js";
import { writeRealStderr } from "../observe/line-writer.js";
import { failuresTo, guarded, type Logger } from "../observe/logger.js";
import { traceAsPlugin, tracer } from "../observe/trace.js";
import { BLOCKED_TEXT, watchLoop } from "../observe/watch-loop.js";
import { pluginTls } from "../tls/plugin-tls.js";
import { pluginLogger } from "./plugin-logger.js";
import { PluginServer } from "./plugin-server.js";
import { PluginStdio } from "./plugin-stdio.js";
import { type ServeConfig, serverPluginSets } from "./serve-config.js";
import { watchHost } from "./watch-host.js";

/** Signals that end a plugin in an orderly way. A Go plugin dies of them at once and leaves its socket file behind. */
const END_SIGNALS = ["SIGTERM", "SIGHUP"] as const;

/** How long the process may go on after `serve`, in milliseconds, when something else keeps it running. */
const LINGER_MS = 1000;

/** What a user sees who starts a plugin by hand: Go's texts of three lines [HANDSHAKE-10]. */
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
 * Serves plugins to the host that started this process. Resolves after the host said Quit or has gone, or after
 * the process got SIGTERM or SIGHUP. Without the host's cookie it prints Go's three lines and exits with code 1.
 *
 * From the handshake on, what the program prints goes to the host's sync streams, and `pluginLogger` writes
 * to the host's log. Code after `serve` still runs. If something keeps the process alive for another second,
 * `serve` exits it with code 0, because the host would kill it.
 *
 * @throws PluginError `bad-config`, `listen-failed`, `path-too-long`, `tls-failed`. Left unhandled, the exit code
 *   is 1. Go: `Serve`.
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
    onFailure: failuresTo(logger),
  });
  const { network, address } = server.listener;
  logger.debug({ network, address }, "plugin address");
  // A plugin's code may call process.exit, which closes no sockets.
  process.once("exit", () => removeSocketFile({ network, address }));
  const end = watchEnd(server, config, logger);
  const line = formatLine({
    appVersion: version,
    network,
    address,
    protocol: "netrpc",
    certificate,
    // net/rpc always multiplexes. But an old host, which does not ask, must not see a seventh field.
    multiplex: process.env[GO_PLUGIN_ENV.multiplex] ? "true" : "",
  });
  tracer("handshake")?.(`line: ${line.trimEnd()}`);
  stdio.announce(line);
  stdio.redirect();
  await end;
  await server.close();
  setTimeout(() => process.exit(), LINGER_MS).unref();
}

/** Resolves when the first reason to end comes up. */
function watchEnd(server: PluginServer, config: ServeConfig, logger: Logger): Promise<void> {
  return new Promise((resolve) => {
    server.quit.then(resolve);
    // A terminal sends Ctrl-C to host and plugin. The host decides how the plugin ends.
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

/** Ends the process by an error that nobody caught. Every waiting caller and the log get it first [PLUGIN-10]. */
async function endBadly(server: PluginServer, logger: Logger, error: unknown): Promise<void> {
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error ? error.stack : undefined;
  logger.error({ error: message, stack }, "uncaught error in plugin");
  server.fail(`plugin ended by an uncaught error: ${message}`);
  await server.close();
  process.exit(1);
}
