import type { HandshakeErrorCode } from "../protocol/errors.js";

/**
 * Why a plugin could not be started, reached or ended. The codes of HandshakeError are among them:
 * a host author switches on one class.
 */
export type PluginErrorCode =
  | HandshakeErrorCode
  /** The configuration contradicts itself. */
  | "bad-config"
  /** There is no such program. */
  | "not-found"
  /** The program may not be executed. */
  | "not-executable"
  /** The operating system refused to start it for another reason; see `cause`. */
  | "spawn-failed"
  /** It ended before it printed its handshake. */
  | "exited-early"
  /** It printed no handshake within `startTimeoutMs`. */
  | "start-timeout"
  /** The signal given to `start` fired. */
  | "aborted"
  /** Its socket could not be reached, or it hung up. */
  | "connect-failed"
  /** It did not answer within `connectTimeoutMs`. */
  | "connect-timeout"
  /** One side wants TLS and the other does not, or one does not trust the other; see `cause`. */
  | "tls-failed"
  /** The client was killed or its plugin has ended; make a new Client. */
  | "ended"
  /** The set has no plugin of that name. */
  | "unknown-plugin"
  /** The program is not the one its checksum names. */
  | "checksum-mismatch"
  /** No plugin answers where one was to be reattached to. */
  | "process-not-found"
  /** A socket path is longer than the system allows. */
  | "path-too-long"
  /** No listener could be opened. */
  | "listen-failed";

/** What the plugin was doing when it failed. */
export type PluginPhase =
  | "config"
  | "start"
  | "handshake"
  | "connect"
  | "dispense"
  | "serve"
  | "kill";

/** How a plugin's process ended. At most one of the two is set; neither where nobody can know. */
export interface ExitFacts {
  readonly exitCode: number | undefined;
  /** `SIGKILL` and the like. */
  readonly signal: string | undefined;
}

export interface PluginErrorFacts {
  readonly phase: PluginPhase;
  readonly cause?: unknown;
  /** The program, as given. */
  readonly path?: string | undefined;
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
  /** The first line on stdout, cut. */
  readonly line?: string | undefined;
  /** The last lines on stderr, cut. */
  readonly stderrTail?: string | undefined;
  /** Milliseconds since the start. */
  readonly elapsedMs?: number | undefined;
  readonly pluginVersion?: number | undefined;
  readonly hostVersions?: readonly number[] | undefined;
}

const PLUGIN = Symbol.for("goplug.PluginError");

/** The life of a plugin went wrong. The message starts with Go's text where Go has one. */
export class PluginError extends Error {
  readonly [PLUGIN] = true;
  readonly code: PluginErrorCode;
  readonly phase: PluginPhase;
  readonly path: string | undefined;
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  readonly line: string | undefined;
  readonly stderrTail: string | undefined;
  readonly elapsedMs: number | undefined;
  readonly pluginVersion: number | undefined;
  readonly hostVersions: readonly number[] | undefined;

  constructor(code: PluginErrorCode, message: string, facts: PluginErrorFacts) {
    super(message, "cause" in facts ? { cause: facts.cause } : undefined);
    this.code = code;
    this.phase = facts.phase;
    this.path = facts.path;
    this.exitCode = facts.exitCode;
    this.signal = facts.signal;
    this.line = facts.line;
    this.stderrTail = facts.stderrTail;
    this.elapsedMs = facts.elapsedMs;
    this.pluginVersion = facts.pluginVersion;
    this.hostVersions = facts.hostVersions;
  }
}
PluginError.prototype.name = "PluginError";

export const isPluginError = (error: unknown): error is PluginError =>
  typeof error === "object" && error !== null && PLUGIN in error;
