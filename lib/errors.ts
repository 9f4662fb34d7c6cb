/** The error of a plugin's life, for hosts and plugins: it could not be started, reached, used or ended. */
import { type HandshakeErrorCode, setFacts } from "../protocol/errors.js";

/**
 * Why a plugin could not be started, reached or ended. The codes of `HandshakeError` are among them: an author of a
 * host switches on one class.
 */
export type PluginErrorCode =
  | HandshakeErrorCode
  /** The configuration contradicts itself, or names a file or directory that cannot be used. */
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
  /** The signal of `start`, or of a call that waited for the connection, fired; or `kill` came first. */
  | "aborted"
  /** Its socket could not be reached, or it closed the connection. */
  | "connect-failed"
  /** It did not answer within `connectTimeoutMs`, or within the `timeoutMs` of the call. */
  | "connect-timeout"
  /** The connection was lost while it was used, and the plugin has not ended; see `cause`. */
  | "connection-lost"
  /** One side wants TLS and the other does not, or one does not trust the other; see `cause`. */
  | "tls-failed"
  /** The client was killed or its plugin has ended; make a new Client. */
  | "ended"
  /** The set has no plugin of that name. */
  | "unknown-plugin"
  /** The program's file does not have the checksum that was given for it. */
  | "checksum-mismatch"
  /** No plugin answers at the address of `reattach`. */
  | "process-not-found"
  /** A socket path is longer than the system allows. */
  | "path-too-long"
  /** No listener could be opened. */
  | "listen-failed"
  /** What a plugin printed was lost, because its host does not read it or has gone. */
  | "output-lost";

/** What the host or the plugin was doing when it failed. */
export type PluginPhase =
  | "config"
  | "start"
  | "handshake"
  | "connect"
  | "dispense"
  | "call"
  | "stream"
  | "serve"
  | "kill";

/** How a plugin's process ended. At most one of the two is set; neither if it cannot be known. */
export interface ExitFacts {
  /** The code that the process exited with. */
  readonly exitCode: number | undefined;
  /** The signal that ended the process: `SIGKILL` and the like. */
  readonly signal: string | undefined;
}

/** What is known of a failure, besides its code and text. */
export interface PluginErrorFacts {
  /** What was under way. */
  readonly phase: PluginPhase;
  /** The error behind this one. */
  readonly cause?: unknown;
  /** The program as it was given, the address, or a file that the error is about. */
  readonly path?: string | undefined;
  /** The code that the process exited with, if it has. */
  readonly exitCode?: number | undefined;
  /** The signal that ended the process, if one did. */
  readonly signal?: string | undefined;
  /** The first line on stdout, cut. */
  readonly line?: string | undefined;
  /** The lines on stderr that say most: the last ones and the error, without stacks. */
  readonly stderrTail?: string | undefined;
  /** Milliseconds since the step that failed began. */
  readonly elapsedMs?: number | undefined;
  /** The version that the plugin announced, if the versions do not fit. */
  readonly pluginVersion?: number | undefined;
  /** The versions that the host has, if the versions do not fit. */
  readonly hostVersions?: readonly number[] | undefined;
}

const PLUGIN = Symbol.for("goplug.PluginError");

/** The life of a plugin went wrong. The message starts with Go's text if Go has one. */
export class PluginError extends Error {
  /** Marks the class across copies of this package; see {@link isPluginError}. */
  readonly [PLUGIN] = true;
  /** What went wrong, to switch on. */
  readonly code: PluginErrorCode;
  /** What was under way. */
  readonly phase: PluginPhase;
  /** The program as it was given, the address, or a file that the error is about. */
  declare readonly path: string | undefined;
  /** The code that the process exited with, if it has. */
  declare readonly exitCode: number | undefined;
  /** The signal that ended the process, if one did. */
  declare readonly signal: string | undefined;
  /** The first line on stdout, cut. */
  declare readonly line: string | undefined;
  /** The lines on stderr that say most: the last ones and the error, without stacks. */
  declare readonly stderrTail: string | undefined;
  /** Milliseconds since the step that failed began. */
  declare readonly elapsedMs: number | undefined;
  /** The version that the plugin announced, if the versions do not fit. */
  declare readonly pluginVersion: number | undefined;
  /** The versions that the host has, if the versions do not fit. */
  declare readonly hostVersions: readonly number[] | undefined;

  constructor(code: PluginErrorCode, message: string, facts: PluginErrorFacts) {
    super(message);
    this.code = code;
    this.phase = facts.phase;
    setFacts(this, facts);
  }
}
PluginError.prototype.name = "PluginError";

/** Whether `error` is a PluginError, also one of another copy of this package, where `instanceof` fails. */
export const isPluginError = (error: unknown): error is PluginError =>
  typeof error === "object" && error !== null && PLUGIN in error;
