/**
 * The errors of the protocol layers. Each class has a closed set of `code`s to switch on and keeps its
 * `cause`. A program may load two copies of the package, and `instanceof` fails from one to the other. Therefore
 * each class carries a registered symbol, and a guard looks for that symbol.
 */

/**
 * Gives an error the facts that are known. An error has no own property that is undefined: a printed error shows only
 * what is known. `cause` is not enumerable, as in JavaScript.
 */
export function setFacts(error: Error, { cause, ...facts }: { readonly cause?: unknown }): void {
  for (const [name, value] of Object.entries(facts)) {
    if (value !== undefined) Object.assign(error, { [name]: value });
  }
  if (cause === undefined) return;
  Object.defineProperty(error, "cause", { value: cause, writable: true, configurable: true });
}

/** Why a value could not be encoded or decoded. */
export type CodecErrorCode =
  /** The value does not fit its schema. */
  | "bad-value"
  /** The peer's type does not fit the schema. */
  | "type-mismatch"
  /** A number does not fit the receiving type. */
  | "out-of-range"
  /** The format does not allow these bytes. */
  | "corrupt"
  /** The stream ended inside a value. */
  | "unexpected-eof"
  /** The stream ended between values. */
  | "eof"
  /** A limit was passed; the message names the option. */
  | "limit"
  /** The type of a value in an interface has no registered name. Only when encoding. */
  | "not-registered"
  /** A user's codec or marshaler threw; see `cause`. */
  | "codec-failed";

/** How the peer's type does not fit the schema. */
export type MismatchReason =
  /** The value, or a part of it, is of another type. Go: `decoding into local type`. */
  | "kind"
  /** A field of a struct is of another type. Go: `wrong type`. */
  | "field"
  /** The schema wants a struct, and the peer has none. Go: `want struct type T; got non-struct`. */
  | "not-struct"
  /** The schema wants an interface, and the peer has a value without one. Go: `local interface type`. */
  | "not-interface"
  /** Two structs do not have the same fields. Only with the option `strict`. */
  | "fields"
  /** An interface holds a type that the schema does not name. Go: `interface conversion`, `is not assignable`. */
  | "other-type"
  /** An interface is nil, or its field was not sent, where the schema wants a value. Go: `interface {} is nil`. */
  | "nil"
  /** Two structs have no field in common. Go: `no fields matched`. */
  | "no-fields"
  /** A list has another number of elements than the array. In msgpack and JSON, which say it only with the value. */
  | "length"
  /** Two keys of a map are one key in JavaScript, so that an entry would be lost. */
  | "keys";

/** The facts of a {@link CodecError} besides its code and message. */
export interface CodecErrorFacts {
  /** The error of a user's codec or marshaler. */
  readonly cause?: unknown;
  /** Where in the stream, in bytes from its start. */
  readonly offset?: number | undefined;
  /** The failing field, from the outermost value: `Point.Y`, `Tree.Kids[3].V`. */
  readonly path?: string | undefined;
  /** The Go type wanted. */
  readonly typeName?: string | undefined;
  /** With the code `type-mismatch`: what the peer has in its place. */
  readonly got?: string | undefined;
  /** With the code `type-mismatch`: how the types differ. */
  readonly reason?: MismatchReason | undefined;
}

const CODEC = Symbol.for("goplug.CodecError");

/** A value could not be encoded or decoded, in gob, msgpack or JSON. */
export class CodecError extends Error {
  /** The mark that {@link isCodecError} looks for. */
  readonly [CODEC] = true;
  /** Why. */
  readonly code: CodecErrorCode;
  /** Where in the stream, in bytes from its start. */
  declare readonly offset: number | undefined;
  /** The failing field, from the outermost value: `Point.Y`, `Tree.Kids[3].V`. Undefined for the whole value. */
  declare readonly path: string | undefined;
  /** The Go type wanted. */
  declare readonly typeName: string | undefined;
  /**
   * With the code `type-mismatch`: what the peer has in place of {@link typeName}. In gob the name of its type, or the
   * kind of a type without a name; in msgpack and JSON the kind of the value.
   */
  declare readonly got: string | undefined;
  /** With the code `type-mismatch`: how the types differ. */
  declare readonly reason: MismatchReason | undefined;

  constructor(code: CodecErrorCode, message: string, facts: CodecErrorFacts = {}) {
    super(message);
    this.code = code;
    setFacts(this, facts);
  }
}
CodecError.prototype.name = "CodecError";

/** Whether `error` is a {@link CodecError}, from whatever copy of the package. */
export const isCodecError = (error: unknown): error is CodecError => hasBrand(error, CODEC);

/** Why a call has no answer. */
export type RpcErrorCode =
  /** The connection was lost while the call was pending. Go: `unexpected EOF`. */
  | "unexpected-eof"
  /** The client was closed or the connection was lost before the call. Go: `connection is shut down`. */
  | "shutdown"
  /** The call's AbortSignal fired; `cause` is its reason. Only the wait ended: the peer may still run the call. */
  | "aborted"
  /** `timeoutMs` passed. Only the wait ended: the peer may still run the call. */
  | "timeout"
  /** The reply did not fit its schema. Go: `reading body …`. */
  | "bad-reply"
  /** The peer sent something that is not net/rpc. The connection is closed. */
  | "protocol"
  /** A limit was passed; the message names the option. */
  | "limit"
  /** A service was registered twice, or a contract has a bad method name. */
  | "bad-service";

/** The facts of an {@link RpcError} besides its code and message. */
export interface RpcErrorFacts {
  /** The error of a lower layer, or the reason of an AbortSignal. */
  readonly cause?: unknown;
  /** The method called, as on the wire: `Plugin.Greet`. */
  readonly serviceMethod?: string | undefined;
  /** The number of the call on its connection. */
  readonly seq?: number | bigint | undefined;
}

const RPC = Symbol.for("goplug.RpcError");

/** A call failed here or on the way. An error that the peer's method returned is a {@link ServerError}. */
export class RpcError extends Error {
  /** The mark that {@link isRpcError} looks for. */
  readonly [RPC] = true;
  /** Why. */
  readonly code: RpcErrorCode;
  /** The method called, as on the wire: `Plugin.Greet`. */
  declare readonly serviceMethod: string | undefined;
  /** The number of the call on its connection. */
  declare readonly seq: number | bigint | undefined;

  constructor(code: RpcErrorCode, message: string, facts: RpcErrorFacts = {}) {
    super(message);
    this.code = code;
    setFacts(this, facts);
  }
}
RpcError.prototype.name = "RpcError";

/** Whether `error` is an {@link RpcError}, from whatever copy of the package. */
export const isRpcError = (error: unknown): error is RpcError => hasBrand(error, RPC);

const SERVER = Symbol.for("goplug.ServerError");

/** The error that the peer's method returned. `message` is its text, byte for byte. Go: `rpc.ServerError`. */
export class ServerError extends Error {
  /** The mark that {@link isServerError} looks for. */
  readonly [SERVER] = true;
  /** Always the same: the peer sends a text and no code. */
  readonly code = "server-error";
  /** The method called, as on the wire: `Plugin.Greet`. */
  declare readonly serviceMethod: string | undefined;

  constructor(message: string, serviceMethod?: string) {
    super(message);
    if (serviceMethod !== undefined) this.serviceMethod = serviceMethod;
  }
}
ServerError.prototype.name = "ServerError";

/** Whether `error` is a {@link ServerError}, from whatever copy of the package. */
export const isServerError = (error: unknown): error is ServerError => hasBrand(error, SERVER);

/** How a handshake line is wrong. The message has Go's text. */
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

/** The facts of a {@link HandshakeError} besides its code and message. */
export interface HandshakeErrorFacts {
  /** Why a certificate could not be read. */
  readonly cause?: unknown;
  /** The beginning of the line as received. */
  readonly line?: string | undefined;
  /** The version that the plugin announced, of the core or of the application, as the code says. */
  readonly pluginVersion?: number | undefined;
  /** The versions that the host accepts. */
  readonly hostVersions?: readonly number[] | undefined;
}

const HANDSHAKE = Symbol.for("goplug.HandshakeError");

/** The line on the plugin's stdout is not a handshake that the host accepts. */
export class HandshakeError extends Error {
  /** The mark that {@link isHandshakeError} looks for. */
  readonly [HANDSHAKE] = true;
  /** Which field is wrong, and how. */
  readonly code: HandshakeErrorCode;
  /** The beginning of the line as received. */
  declare readonly line: string | undefined;
  /** The version that the plugin announced, of the core or of the application, as the code says. */
  declare readonly pluginVersion: number | undefined;
  /** The versions that the host accepts. */
  declare readonly hostVersions: readonly number[] | undefined;

  constructor(code: HandshakeErrorCode, message: string, facts: HandshakeErrorFacts = {}) {
    super(message);
    this.code = code;
    setFacts(this, facts);
  }
}
HandshakeError.prototype.name = "HandshakeError";

/** Whether `error` is a {@link HandshakeError}, from whatever copy of the package. */
export const isHandshakeError = (error: unknown): error is HandshakeError =>
  hasBrand(error, HANDSHAKE);

function hasBrand(error: unknown, brand: symbol): boolean {
  return typeof error === "object" && error !== null && brand in error;
}
