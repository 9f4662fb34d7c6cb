/** Gob over streams of bytes: async iterables, Node streams and web streams. */
import { NEED_MORE } from "../bytes/need-more.js";
import { CodecError } from "../errors.js";
import type { AnySchema, In, Out, TypedValue } from "../schema/index.js";
import { Decoder, type DecoderOptions } from "./decoder.js";
import { Encoder, type EncoderOptions } from "./encoder.js";

/** Bytes in order: a Node Readable, a socket, a web ReadableStream, a list of chunks. */
export type ByteChunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/**
 * A gob stream read from a byte source, value by value and each with its own schema. It reads no chunk
 * beyond the one in which the value ends. Make one call at a time.
 */
export class StreamDecoder implements AsyncDisposable {
  readonly #decoder: Decoder;
  readonly #chunks: AsyncIterator<Uint8Array> | Iterator<Uint8Array>;

  constructor(source: ByteChunks, options?: DecoderOptions) {
    this.#decoder = new Decoder(options);
    this.#chunks =
      Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  }

  /**
   * The next value; waits until it has arrived.
   *
   * @throws CodecError as `Decoder.tryDecode`: `eof` at the end. The source's own error, if it fails.
   * Go: `Decoder.Decode`.
   */
  decode<S extends AnySchema>(schema: S, into?: Out<S>, context?: unknown): Promise<Out<S>> {
    return this.#whenComplete(() => this.#decoder.tryDecode(schema, into, context));
  }

  /** The next value by the type that the peer sent along. @throws as {@link decode}. */
  decodeAny(): Promise<TypedValue> {
    return this.#whenComplete(() => this.#decoder.tryDecodeAny());
  }

  /** Reads past the next value. @throws as {@link decode}. Go: `Decode(nil)`. */
  async skip(): Promise<void> {
    await this.#whenComplete(() => this.#decoder.trySkip() || NEED_MORE);
  }

  /** All values up to the end of the stream, by one schema. Leaving the loop releases the source. */
  async *values<S extends AnySchema>(schema: S, context?: unknown): AsyncGenerator<Out<S>> {
    try {
      for (;;) {
        const value = await this.decode(schema, undefined, context).catch(endOrThrow);
        if (value === END) return;
        yield value;
      }
    } finally {
      await this[Symbol.asyncDispose]();
    }
  }

  /** Releases the source: a Node stream is destroyed, a web stream cancelled. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#chunks.return?.();
  }

  async #whenComplete<T>(take: () => T | typeof NEED_MORE): Promise<T> {
    for (;;) {
      const value = take();
      if (value !== NEED_MORE) return value;
      this.#decoder.retain();
      const chunk = await this.#chunks.next();
      if (chunk.done === true) this.#decoder.end();
      else this.#decoder.push(chunk.value);
    }
  }
}

const END: unique symbol = Symbol("end");

/** An `eof` is the regular end between two values. */
function endOrThrow(error: unknown): typeof END {
  if (error instanceof CodecError && error.code === "eof") return END;
  throw error;
}

/** The values of a byte source that are all of one schema. Leaving the loop releases the source. */
export const decodeStream = <S extends AnySchema>(
  source: ByteChunks,
  schema: S,
  options?: DecoderOptions,
): AsyncGenerator<Out<S>> => new StreamDecoder(source, options).values(schema);

/**
 * The bytes of values, a chunk per value, for `stream.pipeline`, `Readable.from` or a request body.
 *
 * @throws CodecError as `Encoder.append`. The chunks yielded before it are a valid stream.
 */
export async function* encodeStream<S extends AnySchema>(
  values: AsyncIterable<In<S>> | Iterable<In<S>>,
  schema: S,
  options?: EncoderOptions,
): AsyncGenerator<Uint8Array> {
  const encoder = new Encoder(options);
  for await (const value of values) yield encoder.encode(schema, value);
}

/** A web stream of bytes in and values out. It fails with the errors of `Decoder.tryDecode`. */
export function decoderStream<S extends AnySchema>(
  schema: S,
  options?: DecoderOptions,
): TransformStream<Uint8Array, Out<S>> {
  const decoder = new Decoder(options);
  const drain = (to: TransformStreamDefaultController<Out<S>>): void => {
    for (;;) {
      const value = decoder.tryDecode(schema);
      if (value === NEED_MORE) return;
      to.enqueue(value);
    }
  };
  return new TransformStream<Uint8Array, Out<S>>({
    transform(chunk, to) {
      decoder.push(chunk);
      drain(to);
      decoder.retain();
    },
    flush(to) {
      decoder.end();
      try {
        drain(to);
      } catch (error) {
        endOrThrow(error);
      }
    },
  });
}

/** A web stream of values in and bytes out. It fails with the errors of `Encoder.append`. */
export function encoderStream<S extends AnySchema>(
  schema: S,
  options?: EncoderOptions,
): TransformStream<In<S>, Uint8Array> {
  const encoder = new Encoder(options);
  return new TransformStream<In<S>, Uint8Array>({
    transform(value, to) {
      to.enqueue(encoder.encode(schema, value));
    },
  });
}
