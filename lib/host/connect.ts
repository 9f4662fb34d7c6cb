/** Connects a host to a plugin that runs. */
import { Bound } from "../../protocol/async/wait.js";
import type { ClientPluginSet } from "../contract/plugin.js";
import { type ExitFacts, isPluginError, PluginError } from "../errors.js";
import { connectSocket } from "../net/socket.js";
import { NULL_LOGGER } from "../observe/logger.js";
import { BLOCKED_TEXT, watchLoop } from "../observe/watch-loop.js";
import { settled } from "../settled.js";
import { connectSecure } from "../tls/connect-secure.js";
import { type ConnectAttempt, connectFailure, noAnswer } from "./connect-failure.js";
import { HostConnection, type HostConnectionOptions } from "./host-connection.js";
import type { PluginEnd } from "./plugin-loss.js";
import { failureText, type Reason } from "./process/failure-text.js";
import type { StderrTail } from "./process/stderr-tail.js";

const DEFAULT_TIMEOUT_MS = 10_000;

/** How long the plugin's exit, or its last words on stderr, may take to follow a failure, in milliseconds. */
const AFTERMATH_MS = 100;

/** Where to connect to, what to do with the connection, and what errors tell about the plugin. */
export interface ConnectOptions extends ConnectAttempt, HostConnectionOptions<ClientPluginSet> {
  /** Milliseconds until the plugin must have answered. Default 10,000. */
  readonly timeoutMs?: number | undefined;
  /** Gives up with its reason. */
  readonly signal: AbortSignal;
  /** The program. Default: the address. */
  readonly path: string | undefined;
  readonly exited: Promise<ExitFacts>;
  /** Explains what fails later because the plugin has ended. */
  readonly end: PluginEnd;
  readonly stderrTail: StderrTail;
}

/**
 * Connects to a plugin and waits until it has answered. If only one side wants TLS, the connection fails here, not in
 * the first call [TLS-8].
 *
 * @throws PluginError `connect-failed`, `connect-timeout`, `tls-failed`, `path-too-long`, `bad-config`.
 * Go: `newRPCClient`.
 */
export async function connectPlugin(options: ConnectOptions): Promise<HostConnection> {
  const { signal, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const startedAt = performance.now();
  const stop = new AbortController();
  let isLate = false;
  const bound = new Bound({ signal, timeoutMs }, (why, cause) => {
    isLate = why === "timeout";
    stop.abort(cause);
  });
  try {
    signal.throwIfAborted();
    return await connect(options, timeoutMs, stop.signal);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    const exit = await settled(options.exited, AFTERMATH_MS);
    const reason = isLate
      ? noAnswer(options, timeoutMs)
      : connectFailure(error as Error, options, exit);
    throw failed(reason, error, { options, exit, startedAt });
  } finally {
    bound.release();
  }
}

async function connect(
  options: ConnectOptions,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<HostConnection> {
  const { address, tls, keepAlive, logger = NULL_LOGGER } = options;
  const transport =
    tls === undefined
      ? await connectSocket(address, signal)
      : await connectSecure(address, tls, signal);
  keepAlive.add(transport.duplex);
  const connection = await HostConnection.open(transport, options);
  const endWatch = watchLoop((blockedMs) => logger.warn({ blockedMs }, BLOCKED_TEXT));
  connection.closed.then(endWatch);
  await connection.confirm({ timeoutMs, signal });
  // Up to here `connectPlugin` explains what fails.
  transport.beforeEnd = () => connection.loss?.linger();
  return connection;
}

interface Circumstances {
  readonly options: ConnectOptions;
  readonly exit: ExitFacts | undefined;
  readonly startedAt: number;
}

function failed(
  { code, text }: Reason,
  error: unknown,
  { options, exit, startedAt }: Circumstances,
): PluginError {
  const { address, path = address.address, stderrTail } = options;
  const facts = {
    phase: "connect",
    cause: isPluginError(error) ? error.cause : error,
    path,
    ...exit,
    stderrTail: stderrTail.text,
    elapsedMs: Math.round(performance.now() - startedAt),
  } as const;
  return new PluginError(code, failureText(text, "", facts), facts);
}
