/** A process that is a plugin, from the cookie to the exit. */
import {
  type CookieProblem,
  checkCookie,
  formatLine,
  GO_PLUGIN_ENV,
  negotiateVersion,
} from "../../protocol/handshake/index.js";
import type { HandshakeConfig, ServerPluginSet } from "../contract/plugin.js";
import type { Address } from "../net/socket.js";
import { removeSocketFile } from "../net/socket-file.js";
import { writeRealStderr } from "../observe/line-writer.js";
import { failuresTo, guarded } from "../observe/logger.js";
import { traceAsPlugin, tracer } from "../observe/trace.js";
import { pluginTls } from "../tls/plugin-tls.js";
import { pluginLogger } from "./plugin-logger.js";
import { PluginServer } from "./plugin-server.js";
import { PluginStdio } from "./plugin-stdio.js";
import { type ServeConfig, serverPluginSets } from "./serve-config.js";
import { watchEnd } from "./watch-end.js";

/** How long the process may go on after `serve`, in milliseconds, when something else keeps it running. */
const LINGER_MS = 1000;

/** Go's texts for a program that no host has started [HANDSHAKE-10]. */
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
 * `serve` ends the process, because the host would kill it.
 *
 * @throws PluginError `bad-config`, `listen-failed`, `path-too-long`, `tls-failed`. Left unhandled, the exit code
 *   is 1. Go: `Serve`.
 */
export async function serve(config: ServeConfig): Promise<void> {
  exitWithoutCookie(config.handshake);
  const logger = config.logger === undefined ? pluginLogger() : guarded(config.logger);
  const stdio = new PluginStdio();
  stdio.guard();
  traceAsPlugin();
  const [version, plugins] = chosenPlugins(config);
  const { tls, certificate } = await pluginTls(config.tlsProvider, process.env, logger);
  const server = await PluginServer.open({
    env: process.env,
    network: config.network,
    tls,
    plugins,
    stdout: stdio.stdout,
    stderr: stdio.stderr,
    onFailure: failuresTo(logger),
  });
  const { network, address } = server.listener;
  logger.debug({ network, address }, "plugin address");
  // A plugin's code may call process.exit, which closes no sockets.
  process.once("exit", () => removeSocketFile({ network, address }));
  const exitWithHost =
    config.exitWithHost !== false && process.env.GOPLUG_EXIT_WITH_HOST !== "false";
  const end = watchEnd(server, logger, exitWithHost);
  stdio.announce(handshakeLine(version, server.listener, certificate));
  stdio.redirect();
  await end;
  await server.close();
  setTimeout(() => process.exit(), LINGER_MS).unref();
}

function exitWithoutCookie(handshake: HandshakeConfig): void {
  const problem = checkCookie(process.env, handshake);
  if (problem === undefined) return;
  process.stderr.write(COOKIE_TEXTS[problem]);
  process.exit(1);
}

/** The version that host and plugin have in common, and its plugins [HANDSHAKE-11]. */
function chosenPlugins(config: ServeConfig): [version: number, plugins: ServerPluginSet] {
  const sets = serverPluginSets(config);
  const { version, invalid } = negotiateVersion(process.env, [...sets.keys()]);
  for (const item of invalid) {
    writeRealStderr(`server sent invalid plugin version ${JSON.stringify(item)}`);
  }
  return [version, sets.get(version)!];
}

function handshakeLine(
  appVersion: number,
  { network, address }: Address,
  certificate: string,
): string {
  const line = formatLine({
    appVersion,
    network,
    address,
    protocol: "netrpc",
    certificate,
    // net/rpc always multiplexes. But an old host, which does not ask, must not see a seventh field.
    multiplex: process.env[GO_PLUGIN_ENV.multiplex] ? "true" : "",
  });
  tracer("handshake")?.(`line: ${line.trimEnd()}`);
  return line;
}
