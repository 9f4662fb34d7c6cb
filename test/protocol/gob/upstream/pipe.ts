/** An encoder and a decoder of one stream, as Go's tests have them around one buffer. */
import type { AnySchema, DecoderOptions, EncoderOptions, In, Out } from "goplug/gob";
import { Decoder, Encoder } from "goplug/gob";
import { whole } from "../helpers.js";

/** Definitions are written in Go's order, so that bytes can be compared. */
export class Pipe {
  readonly encoder: Encoder;
  readonly decoder: Decoder;

  constructor(options: EncoderOptions & DecoderOptions = {}) {
    this.encoder = new Encoder({ order: "go", ...options });
    this.decoder = new Decoder(options);
  }

  /** Encodes a value and gives the bytes to the decoder. Returns the bytes. */
  send<S extends AnySchema>(schema: S, value: In<S>): Uint8Array {
    const bytes = this.encoder.encode(schema, value);
    this.decoder.push(bytes);
    return bytes;
  }

  /** Decodes the next value, which must have arrived whole. */
  receive<S extends AnySchema>(schema: S, into?: Out<S>): Out<S> {
    return whole(this.decoder.tryDecode(schema, into));
  }
}

/** Encodes a value with one schema and decodes it with another, on a stream of their own. */
export function transfer<S extends AnySchema, T extends AnySchema>(
  from: S,
  value: In<S>,
  to: T,
  into?: Out<T>,
): Out<T> {
  const pipe = new Pipe();
  pipe.send(from, value);
  return pipe.receive(to, into);
}
