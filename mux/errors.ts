/**
 * The error of the mux layer. Codes follow yamux's `Err*` values, and each message contains the text
 * that Go prints for it, so that one search finds both [YAMUX-52].
 */

/** What failed. */
export type MuxErrorCode =
  /** A frame of another version, or bytes that are not yamux; the message says what they look like. */
  | "invalid-version"
  /** A frame of an unknown type. */
  | "invalid-msg-type"
  /** The session ended, here or at the peer; `cause` is the first reason, undefined after our own close. */
  | "session-shutdown"
  /** All stream ids of this side are used up. */
  | "streams-exhausted"
  /** The peer opened a stream that is open already. */
  | "duplicate-stream"
  /** The peer sent more than it was granted. */
  | "recv-window-exceeded"
  /** A wait took longer than its `timeoutMs`. */
  | "timeout"
  /** The stream was given up on this side, or was lost while it was written to. */
  | "stream-closed"
  /** The peer ended a stream twice. */
  | "unexpected-flag"
  /** The peer takes no new streams. */
  | "remote-go-away"
  /** The stream was reset. */
  | "connection-reset"
  /** The connection below takes no bytes: the peer does not read. */
  | "connection-write-timeout"
  /** The peer did not answer a keepalive ping. */
  | "keep-alive-timeout"
  /** The peer ended the session for what it calls a protocol error. */
  | "remote-protocol-error"
  /** The peer ended the session for an error of its own. */
  | "remote-internal-error"
  /** The peer ended the session with an unknown reason. */
  | "unexpected-go-away"
  /** The peer closed the connection, or the stream before enough bytes came. */
  | "eof"
  /** The connection below failed; `cause` is its error. */
  | "connection-lost"
  /** The wait was given up by its AbortSignal; `cause` is the reason. */
  | "aborted"
  /** Two waits for one broker id. */
  | "duplicate-id"
  /** The peer confirmed another broker id. */
  | "bad-ack"
  /** A setting out of range. */
  | "bad-config";

/** Go's texts, and our own where Go has none. */
const TEXT: Readonly<Record<MuxErrorCode, string>> = {
  "invalid-version": "invalid protocol version",
  "invalid-msg-type": "invalid msg type",
  "session-shutdown": "session shutdown",
  "streams-exhausted": "streams exhausted",
  "duplicate-stream": "duplicate stream initiated",
  "recv-window-exceeded": "recv window exceeded",
  timeout: "i/o deadline reached",
  "stream-closed": "stream closed",
  "unexpected-flag": "unexpected flag",
  "remote-go-away": "remote end is not accepting connections",
  "connection-reset": "connection reset",
  "connection-write-timeout": "connection write timeout",
  "keep-alive-timeout": "keepalive timeout",
  "remote-protocol-error": "yamux protocol error",
  "remote-internal-error": "remote yamux internal error",
  "unexpected-go-away": "unexpected go away received",
  eof: "EOF",
  "connection-lost": "connection lost",
  aborted: "aborted",
  "duplicate-id": "duplicate id",
  "bad-ack": "bad ack",
  "bad-config": "bad configuration",
};

/** What is known about a {@link MuxError}. */
export interface MuxErrorFacts {
  /** The error below, or the reason of an AbortSignal. */
  readonly cause?: unknown;
  /** The yamux stream concerned. */
  readonly streamId?: number | undefined;
  /** The broker id concerned. */
  readonly brokerId?: number | undefined;
  /** Whether the peer caused it. */
  readonly remote?: boolean | undefined;
}

/** Marks our errors, also those of another copy of this package. */
const MUX = Symbol.for("goplug.MuxError");

/** A session, a stream or the broker failed. */
export class MuxError extends Error {
  /** For {@link isMuxError}. */
  readonly [MUX] = true;
  /** For programs; the message is for people. */
  readonly code: MuxErrorCode;
  /** The yamux stream concerned, if there is one. */
  declare readonly streamId: number | undefined;
  /** The broker id concerned, if there is one. */
  declare readonly brokerId: number | undefined;
  /** Whether the peer caused it. Default false. */
  readonly remote: boolean;

  constructor(code: MuxErrorCode, message: string, facts: MuxErrorFacts = {}) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.code = code;
    // An error has no own property that is undefined.
    if (facts.streamId !== undefined) this.streamId = facts.streamId;
    if (facts.brokerId !== undefined) this.brokerId = facts.brokerId;
    this.remote = facts.remote ?? false;
  }
}
MuxError.prototype.name = "MuxError";

/** Whether `error` is a MuxError of any copy of this package. */
export const isMuxError = (error: unknown): error is MuxError =>
  typeof error === "object" && error !== null && MUX in error;

/** The message of `error` without the name of its layer, for use in the message of another error. */
export const withoutLayer = (error: Error): string => error.message.replace(/^\w+: /, "");

/** A MuxError with Go's text for `code`, followed by `detail` in brackets. */
export function yamuxError(code: MuxErrorCode, detail = "", facts: MuxErrorFacts = {}): MuxError {
  return new MuxError(code, `yamux: ${TEXT[code]}${detail && ` (${detail})`}`, facts);
}
