/**
 * How calls become bytes: the interfaces that client and server use and every codec implements. A codec
 * holds no connection. Bytes go in and messages come out, and the other way round.
 */
import type { NEED_MORE } from "../bytes/need-more.js";
import type { AnySchema } from "../schema/index.js";
import type { AnswerHeader, RequestHeader, ResponseHeader } from "./header.js";

/**
 * The half of a codec that takes bytes in. Its user pushes what arrived, reads all messages that are
 * complete, and then calls `retain`, because the pushed chunk is only borrowed. A message is read in two
 * steps: its header, then its body.
 */
export interface MessageReader {
  /** Adds what arrived. `chunk` is borrowed until {@link retain}. */
  push(chunk: Uint8Array): void;
  /** Copies what is not read yet, so that the chunk may be reused. */
  retain(): void;
  /** No more input: what is cut short now throws instead of waiting. */
  end(): void;
  /**
   * The body that belongs to the header read last, or `NEED_MORE`: ask again when more was pushed.
   *
   * @param context - handed to the codecs in the schema.
   * @param into - a struct's value to fill: fields that are not sent keep what they have, as in Go.
   * @throws CodecError - it concerns this body alone unless `isBroken`.
   */
  readBody(schema: AnySchema, context: unknown, into?: unknown): unknown | typeof NEED_MORE;
  /** Passes over the body, whatever it is. `false`: it has not arrived whole, ask again. */
  discardBody(): boolean;
  /** The start of the next message cannot be found: nothing more can be read. */
  readonly isBroken: boolean;
}

/**
 * The half that puts bytes out. Messages are collected, because the messages of one turn of the event loop
 * leave in one piece.
 */
export interface MessageWriter {
  /** How many bytes were appended and not taken. */
  readonly pendingBytes: number;
  /** Hands out the pending bytes, which the caller owns from then on. */
  take(): Uint8Array;
  /** Takes back what {@link take} handed out, when nobody uses it any more: its memory is written again. */
  recycle?(taken: Uint8Array): void;
}

/** A codec for the side that calls. Go: `rpc.ClientCodec`, without the connection [NETRPC-16]. */
export interface ClientCodec extends MessageReader, MessageWriter {
  /**
   * The header of the next response, or `NEED_MORE`.
   *
   * @throws CodecError - the connection cannot go on.
   */
  readHeader(): AnswerHeader | typeof NEED_MORE;
  /**
   * Adds header and body; throws with nothing added and nothing remembered [NETRPC-12].
   *
   * @param context - handed to the codecs in the schema.
   * @throws CodecError - the body does not fit its schema.
   */
  appendRequest(header: RequestHeader, schema: AnySchema, body: unknown, context: unknown): void;
}

/** A codec for the side that answers. Go: `rpc.ServerCodec`, without the connection [NETRPC-16]. */
export interface ServerCodec extends MessageReader, MessageWriter {
  /**
   * The header of the next request, or `NEED_MORE`.
   *
   * @throws CodecError - the connection cannot go on [NETRPC-10].
   */
  readHeader(): RequestHeader | typeof NEED_MORE;
  /**
   * Adds header and body; throws with nothing added and nothing remembered [NETRPC-12].
   *
   * @param context - handed to the codecs in the schema.
   * @throws CodecError - the body does not fit its schema.
   */
  appendResponse(header: ResponseHeader, schema: AnySchema, body: unknown, context: unknown): void;
}
