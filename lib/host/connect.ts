import type { ConnectionOptions } from "node:tls";
import { isMuxError } from "../../mux/errors.js";
import type { ClientPluginSet } from "../contract/plugin.js";
import { type ExitFacts, isPluginError, PluginError, type PluginErrorCode } from "../errors.js";
import { type Address, connectSocket } from "../net/socket.js";
import { NULL_LOGGER } from "../observe/logger.js";
import { BLOCKED_TEXT, watchLoop } from "../observe/loop-watch.js";
import { settled } from "../settled.js";
import { connectSecure } from "../tls/connect-secure.js";
import { tlsReason } from "../tls/tls-reason.js";
import { compose } from "./await-handshake.js";
import { HostConnection, type HostConnectionOptions } from "./host-connection.js";
import type { StderrTail } from "./stderr-tail.js";

export const DEFAULT_CONNECT_TIMEOUT_MS = 10_000;

/** How long after a failure the plugin's exit, or its own account on stderr, may take to reach us. */
const AFTERMATH_MS = 100;

export interface ConnectOptions extends HostConnectionOptions<ClientPluginSet> {
  readonly address: Address;
  readonly tls: ConnectionOptions | undefined;
  readonly timeoutMs: number;
  /** Gives up with its reason. */
  readonly signal: AbortSignal;
  /** For errors: the program, its end and what it printed. */
  readonly path: string | undefined;
  readonly exited: Promise<ExitFacts>;
  readonly stderrTail: StderrTail;
}

/**
 * Connects to a plugin that runs, and is done when the plugin has answered: a connection that one side
 * takes for TLS and the other does not fails here, not in the first call [TLS-8].
 *
 * @throws PluginError `connect-failed`, `connect-timeout`, `tls-failed`, `path-too-long`, `bad-config`.
 * Go: `newRPCClient`.
 */
export async function connectPlugin(options: ConnectOptions): Promise<HostConnection> {
  const { address, tls, timeoutMs, keepAlive } = options;
  const startedAt = performance.now();
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), timeoutMs);
  const signal = AbortSignal.any([options.signal, late.signal]);
  try {
    const transport =
      tls === undefined
        ? await connectSocket(address, signal)
        : await connectSecure(address, tls, signal);
    keepAlive.add(transport.socket);
    const connection = await HostConnection.open(transport, options);
    const endWatch = watchLoop((blockedMs) =>
      (options.logger ?? NULL_LOGGER).warn({ blockedMs }, BLOCKED_TEXT),
    );
    connection.closed.then(endWatch);
    await connection.confirm({ timeoutMs, signal });
    return connection;
  } catch (error) {
    if (options.signal.aborted) throw options.signal.reason;
    const exit = await settled(options.exited, AFTERMATH_MS);
    const [code, text] = late.signal.aborted
      ? tooLate(options)
      : explain(error as Error, options, exit);
    const facts = {
      phase: "connect",
      cause: isPluginError(error) ? error.cause : error,
      path: options.path ?? address.address,
      ...exit,
      stderrTail: options.stderrTail.text,
      elapsedMs: Math.round(performance.now() - startedAt),
    } as const;
    throw new PluginError(code, compose(text, "", facts), facts);
  } finally {
    clearTimeout(timer);
  }
}

type Explanation = [code: PluginErrorCode, text: string];

const at = ({ address }: ConnectOptions) => `${address.network} ${address.address}`;

const tooLate = (options: ConnectOptions): Explanation => [
  "connect-timeout",
  `plugin: no answer within ${options.timeoutMs} ms on ${at(options)}`,
];

/** What a failure says about TLS. Go leaves this to the logs of both sides. */
function explain(error: Error, options: ConnectOptions, exit?: ExitFacts): Explanation {
  const reason = rootOf(error);
  // It did not hang up on us: it ended.
  if (exit !== undefined && isHangUp(reason)) return lost(reason, options);
  if (isPluginError(error)) {
    if (error.code !== "tls-failed") return [error.code, error.message];
    return ["tls-failed", `${error.message}; ${hintOf(options, reason)}`];
  }
  return options.tls === undefined ? explainPlain(reason, options) : explainLate(reason, options);
}

function explainPlain(reason: Error, options: ConnectOptions): Explanation {
  if (/the peer speaks TLS/.test(reason.message)) {
    return ["tls-failed", `tls: the plugin wants TLS, and tls is not set (${reason.message})`];
  }
  const [code, text] = lost(reason, options);
  if (!isHangUp(reason)) return [code, text];
  // A Go plugin that wants TLS closes without a byte; nothing else that lives does so.
  return ["tls-failed", `${text}; it hung up without a word: it may want TLS, and tls is not set`];
}

/** The TLS handshake went well, as far as our side of it goes. */
const explainLate = (reason: Error, options: ConnectOptions): Explanation => [
  "tls-failed",
  `tls: ${tlsReason(reason)} (${at(options)}); the plugin hung up after the TLS handshake: ` +
    "it may have refused our certificate, or speak another protocol",
];

const lost = (reason: Error, options: ConnectOptions): Explanation => [
  "connect-failed",
  `plugin: connection to ${at(options)} failed: ${reason.message}`,
];

/** Whose doing it was. Only OpenSSL's own words tell the cases apart. */
function hintOf({ tls }: ConnectOptions, reason: Error & { code?: string }): string {
  if (/ALERT/.test(reason.code ?? "")) return "the plugin may not trust our certificate";
  if (/^ECONNRESET$|WRONG_VERSION_NUMBER/.test(reason.code ?? "")) {
    return "the plugin may not speak TLS, or it refused our certificate";
  }
  return tls?.ca === undefined
    ? "the plugin sent no certificate to trust in its handshake, and tls.ca is not set"
    : "the plugin's certificate is not trusted";
}

function rootOf(error: Error): Error {
  return error.cause instanceof Error ? rootOf(error.cause) : error;
}

function isHangUp(error: Error & { code?: string }): boolean {
  return isMuxError(error) ? error.code === "eof" : /^(ECONNRESET|EPIPE)$/.test(error.code ?? "");
}
