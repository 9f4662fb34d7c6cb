import { NEED_MORE } from "../gob/decoder.js";
import type { AnySchema } from "../schema/index.js";
import type { AnswerHeader, RequestHeader, ResponseHeader } from "./header.js";

export { NEED_MORE };

/**
 * The half of a codec that takes bytes in. It holds no connection: the client or server pushes what
 * arrived, reads all it can, and then calls `retain`, because the pushed chunk is only borrowed.
 */
export interface MessageReader {
  push(chunk: Uint8Array): void;
  /** Copies what is not read yet, so that the chunk may be reused. */
  retain(): void;
  /** No more input: what is cut short now throws instead of waiting. */
  end(): void;
  /**
   * The body after a header. A CodecError is about this body alone unless `isBroken`.
   *
   * @param into - a struct's value to fill: fields that are not sent keep what they have, as in Go.
   */
  readBody(schema: AnySchema, context: unknown, into?: unknown): unknown | typeof NEED_MORE;
  /** Passes over the body, whatever it is. `false` means it has not all arrived. */
  discardBody(): boolean;
  /** The stream is out of step; nothing more can be read from it. */
  readonly isBroken: boolean;
}

/**
 * The half that puts bytes out. Messages are collected, because many of one turn of the event loop
 * leave in one piece.
 */
export interface MessageWriter {
  /** How many bytes were appended and not taken. */
  readonly pendingBytes: number;
  /** Hands out the pending bytes, which the caller owns from then on. */
  take(): Uint8Array;
  /** Takes back what {@link take} handed out and nobody uses any more. */
  recycle?(taken: Uint8Array): void;
}

/** Go: `rpc.ClientCodec`, without the connection [NETRPC-16]. */
export interface ClientCodec extends MessageReader, MessageWriter {
  readHeader(): AnswerHeader | typeof NEED_MORE;
  /** Adds header and body; throws with nothing added and nothing remembered [NETRPC-12]. */
  appendRequest(header: RequestHeader, schema: AnySchema, body: unknown, context: unknown): void;
}

/** Go: `rpc.ServerCodec`, without the connection. */
export interface ServerCodec extends MessageReader, MessageWriter {
  readHeader(): RequestHeader | typeof NEED_MORE;
  /** Adds header and body; throws with nothing added and nothing remembered [NETRPC-12]. */
  appendResponse(header: ResponseHeader, schema: AnySchema, body: unknown, context: unknown): void;
}
