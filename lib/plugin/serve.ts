/** A process that is a plugin, from the cookie to the exit. */
import {
  type CookieProblem,
  checkCookie,
  type Environment,
  formatLine,
  GO_PLUGIN_ENV,
  GO_PLUGIN_LINE,
  negotiateVersion,
  underGoNames,
} from "../../protocol/handshake/index.js";
import { isObject } from "../../protocol/schema/keys.js";
import { assertHandshake, refuse } from "../contract/check-config.js";
import type { HandshakeConfig, ServerPluginSet } from "../contract/plugin.js";
import { type Address, transportOf } from "../net/socket.js";
import { removeSocketFile } from "../net/socket-file.js";
import { formatRecord } from "../observe/hclog.js";
import { writeRealStderr } from "../observe/line-writer.js";
import { failuresTo, guarded } from "../observe/logger.js";
import { traceAsPlugin, tracer } from "../observe/trace.js";
import { pluginTls } from "../tls/plugin-tls.js";
import { failureRecord } from "./failure-record.js";
import { PluginConnection } from "./plugin-connection.js";
import { pluginLogger } from "./plugin-logger.js";
import { PluginServer } from "./plugin-server.js";
import { PluginStdio } from "./plugin-stdio.js";
import { type ServeConfig, serverPluginSets } from "./serve-config.js";
import { ForeignConnection } from "./served-connection.js";
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
 * the process got SIGTERM or SIGHUP. Never rejects: without the host's cookie it prints Go's three lines and exits with
 * code 1; when it cannot begin, it writes the reason to stderr as one log record and exits with code 1 [PLUGIN-12].
 *
 * From the handshake on, what the program prints goes to the host's sync streams, and `pluginLogger` writes
 * to the host's log. Code after `serve` still runs; what it prints goes to the log. If something keeps the process
 * alive for another second, `serve` ends the process, because the host would kill it. Go: `Serve`.
 */
export async function serve(config: ServeConfig): Promise<void> {
  const { server, stdio, end } = await begin(config).catch(exitWithReason);
  await end;
  await server.close();
  stdio.close();
  setTimeout(() => process.exit(), LINGER_MS).unref();
}

/** A plugin that has announced itself. */
interface Serving {
  readonly server: PluginServer;
  readonly stdio: PluginStdio;
  /** Resolves when there is a reason to end. */
  readonly end: Promise<void>;
}

async function begin(config: ServeConfig): Promise<Serving> {
  if (!isObject(config)) refuse("configuration", "an object", config);
  assertHandshake(config.handshake);
  exitWithoutCookie(config.handshake);
  PluginStdio.guard();
  const logger = config.logger === undefined ? pluginLogger() : guarded(config.logger);
  const stdio = new PluginStdio(config.maxWaitingOutputBytes, logger);
  traceAsPlugin();
  const { serveConn, maxConnections, network: wanted } = config;
  const env = underGoNames(process.env, config.handshake.envNames ?? GO_PLUGIN_ENV);
  const [version, plugins] = chosenPlugins(config, env);
  const { tls, certificate } = await pluginTls(config.tlsProvider, env, logger);
  const onFailure = failuresTo(logger);
  const { stdout, stderr } = stdio;
  const server = await PluginServer.open({
    env,
    network: wanted,
    tls,
    maxConnections,
    onFailure,
    connection: (conn) =>
      serveConn === undefined
        ? new PluginConnection(transportOf(conn), {
            plugins,
            stdout,
            stderr,
            logger,
            strict: config.strict,
          })
        : new ForeignConnection(conn, serveConn, onFailure),
  });
  const { network, address } = server.listener;
  logger.debug({ network, address }, "plugin address");
  // A plugin's code may call process.exit, which closes no sockets.
  process.once("exit", () => removeSocketFile({ network, address }));
  const exitWithHost =
    config.exitWithHost !== false && process.env.GOPLUG_EXIT_WITH_HOST !== "false";
  const end = watchEnd(server, logger, exitWithHost);
  stdio.announce(handshakeLine({ version, listener: server.listener, certificate, env }, config));
  if (serveConn === undefined) stdio.redirect();
  return { server, stdio, end };
}

/** Written straight to stderr, because the user's logger may write elsewhere, or later. */
function exitWithReason(error: unknown): never {
  writeRealStderr(formatRecord(failureRecord(error), new Date()));
  process.exit(1);
}

function exitWithoutCookie(handshake: HandshakeConfig): void {
  const problem = checkCookie(process.env, handshake);
  if (problem === undefined) return;
  process.stderr.write(COOKIE_TEXTS[problem]);
  process.exit(1);
}

/** The version that host and plugin have in common, and its plugins [HANDSHAKE-11]. */
function chosenPlugins(
  config: ServeConfig,
  env: Environment,
): [version: number, plugins: ServerPluginSet] {
  const sets = serverPluginSets(config);
  const { version, invalid } = negotiateVersion(env, [...sets.keys()]);
  for (const item of invalid) {
    writeRealStderr(`server sent invalid plugin version ${JSON.stringify(item)}`);
  }
  return [version, sets.get(version)!];
}

interface Announced {
  readonly version: number;
  readonly listener: Address;
  readonly certificate: string;
  readonly env: Environment;
}

function handshakeLine(
  { version, listener: { network, address }, certificate, env }: Announced,
  { handshake: { line: grammar = GO_PLUGIN_LINE } }: ServeConfig,
): string {
  const handshake = {
    appVersion: version,
    network,
    address,
    protocol: grammar.defaultProtocol,
    certificate,
    // net/rpc always multiplexes. But an old host, which does not ask, must not see a seventh field.
    multiplex: env[GO_PLUGIN_ENV.multiplex] ? "true" : "",
  };
  const line = formatLine(handshake, grammar);
  tracer("handshake")?.(`line: ${line.trimEnd()}`);
  return line;
}
