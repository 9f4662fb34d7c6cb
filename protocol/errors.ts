/**
 * The errors of the protocol layers. Each class has a closed set of `code`s to switch on, keeps its
 * `cause`, and is recognised across copies of the package by a symbol instead of `instanceof`.
 */

/** Why a value could not be encoded or decoded. */
export type CodecErrorCode =
  /** The value does not fit its schema. */
  | "bad-value"
  /** The peer's type does not fit the schema. */
  | "type-mismatch"
  /** A number does not fit the receiving type. */
  | "out-of-range"
  /** The bytes are not what the format allows. */
  | "corrupt"
  /** The stream ended inside a value. */
  | "unexpected-eof"
  /** The stream ended between values. */
  | "eof"
  /** A limit was passed; the message names the option. */
  | "limit"
  /** A name behind an interface is not registered. */
  | "not-registered"
  /** A user's codec or marshaler threw; see `cause`. */
  | "codec-failed";

export interface CodecErrorFacts {
  readonly cause?: unknown;
  /** Where in the stream, in bytes from its start. */
  readonly offset?: number | undefined;
  /** The failing field, from the outermost value: `Point.Y`, `Tree.Kids[3].V`. */
  readonly path?: string | undefined;
  /** The Go type wanted. */
  readonly typeName?: string | undefined;
}

const CODEC = Symbol.for("goplug.CodecError");

/** A value and its bytes did not come together: gob, msgpack and JSON alike. */
export class CodecError extends Error {
  readonly [CODEC] = true;
  readonly code: CodecErrorCode;
  readonly offset: number | undefined;
  readonly path: string | undefined;
  readonly typeName: string | undefined;

  constructor(code: CodecErrorCode, message: string, facts: CodecErrorFacts = {}) {
    super(message, "cause" in facts ? { cause: facts.cause } : undefined);
    this.code = code;
    this.offset = facts.offset;
    this.path = facts.path;
    this.typeName = facts.typeName;
  }
}
CodecError.prototype.name = "CodecError";

export const isCodecError = (error: unknown): error is CodecError => hasBrand(error, CODEC);

/** Why a call did not come to an answer. */
export type RpcErrorCode =
  /** The connection was lost while the call was pending. Go: `unexpected EOF`. */
  | "unexpected-eof"
  /** The client was closed, or the connection lost before. Go: `connection is shut down`. */
  | "shutdown"
  /** The call's AbortSignal fired; `cause` is its reason. Only the waiting stopped. */
  | "aborted"
  /** `timeoutMs` passed. Only the waiting stopped. */
  | "timeout"
  /** The reply did not fit its schema. Go: `reading body …`. */
  | "bad-reply"
  /** The peer sent what is not net/rpc; the connection is closed. */
  | "protocol"
  /** A limit was passed; the message names the option. */
  | "limit"
  /** A service was registered twice, or a contract names a method wrongly. */
  | "bad-service";

export interface RpcErrorFacts {
  readonly cause?: unknown;
  readonly serviceMethod?: string | undefined;
  readonly seq?: number | bigint | undefined;
}

const RPC = Symbol.for("goplug.RpcError");

/** The net/rpc layer failed, here or on the way. What the peer's method returned is a ServerError. */
export class RpcError extends Error {
  readonly [RPC] = true;
  readonly code: RpcErrorCode;
  readonly serviceMethod: string | undefined;
  readonly seq: number | bigint | undefined;

  constructor(code: RpcErrorCode, message: string, facts: RpcErrorFacts = {}) {
    super(message, "cause" in facts ? { cause: facts.cause } : undefined);
    this.code = code;
    this.serviceMethod = facts.serviceMethod;
    this.seq = facts.seq;
  }
}
RpcError.prototype.name = "RpcError";

export const isRpcError = (error: unknown): error is RpcError => hasBrand(error, RPC);

const SERVER = Symbol.for("goplug.ServerError");

/** What the peer's method answered. `message` is its text, byte for byte. Go: `rpc.ServerError`. */
export class ServerError extends Error {
  readonly [SERVER] = true;
  readonly code = "server-error";
  readonly serviceMethod: string | undefined;

  constructor(message: string, serviceMethod?: string) {
    super(message);
    this.serviceMethod = serviceMethod;
  }
}
ServerError.prototype.name = "ServerError";

export const isServerError = (error: unknown): error is ServerError => hasBrand(error, SERVER);

/** What is wrong with a handshake line; the Go text is in the message. */
export type HandshakeErrorCode =
  | "unrecognized"
  | "bad-core-version"
  | "core-version"
  | "bad-app-version"
  | "app-version"
  | "bad-address"
  | "unknown-network"
  | "unsupported-protocol"
  | "bad-certificate";

export interface HandshakeErrorFacts {
  readonly cause?: unknown;
  /** The line as received, cut. */
  readonly line?: string | undefined;
  readonly pluginVersion?: number | undefined;
  readonly hostVersions?: readonly number[] | undefined;
}

const HANDSHAKE = Symbol.for("goplug.HandshakeError");

/** The one line on the plugin's stdout was not the handshake the host needs. */
export class HandshakeError extends Error {
  readonly [HANDSHAKE] = true;
  readonly code: HandshakeErrorCode;
  readonly line: string | undefined;
  readonly pluginVersion: number | undefined;
  readonly hostVersions: readonly number[] | undefined;

  constructor(code: HandshakeErrorCode, message: string, facts: HandshakeErrorFacts = {}) {
    super(message, "cause" in facts ? { cause: facts.cause } : undefined);
    this.code = code;
    this.line = facts.line;
    this.pluginVersion = facts.pluginVersion;
    this.hostVersions = facts.hostVersions;
  }
}
HandshakeError.prototype.name = "HandshakeError";

export const isHandshakeError = (error: unknown): error is HandshakeError =>
  hasBrand(error, HANDSHAKE);

function hasBrand(error: unknown, brand: symbol): boolean {
  return typeof error === "object" && error !== null && brand in error;
}
