/** A gob stream with both its ends, as the tests of Go's package have them around one buffer. */
import type { AnySchema, DecoderOptions, EncoderOptions, In, Out } from "goplug/gob";
import { Decoder, Encoder } from "goplug/gob";
import { whole } from "../helpers.js";

/** Definitions go where Go puts them, so that bytes can be compared. */
export class Pipe {
  readonly encoder: Encoder;
  readonly decoder: Decoder;

  constructor(options: EncoderOptions & DecoderOptions = {}) {
    this.encoder = new Encoder({ order: "go", ...options });
    this.decoder = new Decoder(options);
  }

  /** Encodes a value and hands it to the decoder; returns what went through. */
  send<S extends AnySchema>(schema: S, value: In<S>): Uint8Array {
    const bytes = this.encoder.encode(schema, value);
    this.decoder.push(bytes);
    return bytes;
  }

  receive<S extends AnySchema>(schema: S, into?: Out<S>): Out<S> {
    return whole(this.decoder.tryDecode(schema, into));
  }
}

/** A value through a stream of its own, from one schema to another. */
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
