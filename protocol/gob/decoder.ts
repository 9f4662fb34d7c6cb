/** The decoder that users hold: chunks go in, values come out. */
import { NEED_MORE } from "../bytes/need-more.js";
import type { AnySchema, Out, TypedValue } from "../schema/index.js";
import { value as typedValue } from "../schema/index.js";
import { compileDecoder } from "./decode/compile-decoder.js";
import { DecodeState } from "./decode/decode-state.js";
import type { MismatchOptions } from "./decode/mismatch.js";
import { ValueStream } from "./decode/value-stream.js";
import { fail, MORE } from "./failure.js";
import { DEFAULT_LIMITS, type DecoderLimits } from "./limits.js";
import { Registry } from "./registry.js";
import { describeWireTypes } from "./type/describe-wire.js";
import { rootName } from "./type/go-type.js";
import { wireSchema } from "./type/wire-schema.js";
import type { WireType } from "./type/wire-type.js";

/** Options of a {@link Decoder}: its limits, and its registry. */
export interface DecoderOptions extends Partial<DecoderLimits>, MismatchOptions {
  /** The schemas of values behind interfaces, by name. Default: the predeclared types only. */
  readonly registry?: Registry;
  /**
   * [GOB-39] Whether the bytes may be several streams, one after the other, as in a file to which each run of a program
   * appended with an encoder of its own. Then a second definition of a type id is not an error: it is taken for the
   * beginning of the next stream, in which the id has the new type. Default false. Go has no such option.
   */
  readonly appended?: boolean;
}

/**
 * A gob stream coming in. Chunks are pushed in, and values are taken out when they are complete. It learns the peer's
 * types on the way, so each stream has one decoder for all of its life. Go: `gob.Decoder`.
 */
export class Decoder {
  readonly #r: DecodeState;
  readonly #values: ValueStream;

  /** @param options - limits that are left out have their defaults. Go: `gob.NewDecoder`. */
  constructor(options: DecoderOptions = {}) {
    const { registry = new Registry(), appended = false, ...others } = options;
    const { strict, onMismatch, except, ...limits } = others;
    const mismatches = { strict, onMismatch, except };
    this.#r = new DecodeState({ ...DEFAULT_LIMITS, ...limits }, registry, appended, mismatches);
    this.#values = new ValueStream(this.#r);
  }

  /**
   * Whether the stream cannot go on: no later message can be found, it ended inside a value, or a type was defined
   * twice. Every later call then throws the same error.
   */
  get isBroken(): boolean {
    return this.#values.isBroken;
  }

  /** How many of the pushed bytes belong to values that were not taken yet. */
  get bufferedBytes(): number {
    return this.#r.stream.bufferedBytes;
  }

  /** Every type that the peer has defined so far, as Go source. Of appended streams the latest of each id. */
  describeTypes(): string {
    return describeWireTypes(this.#r.types);
  }

  /** Adds bytes that arrived. `chunk` is borrowed until {@link retain}: its bytes must not change before. */
  push(chunk: Uint8Array): void {
    this.#r.stream.push(chunk);
  }

  /** Copies the bytes that are still needed. The pushed chunks may be used again. */
  retain(): void {
    this.#r.stream.retain();
  }

  /** Tells that nothing more will arrive. From now on a missing byte is an error. */
  end(): void {
    this.#values.end();
  }

  /**
   * Decodes the next value, or returns {@link NEED_MORE}.
   *
   * After an error that concerns one value the stream is still usable, and the next call decodes the next value.
   * After any other error {@link isBroken} is true.
   *
   * @param into - a value to merge into, as Go does [GOB-24]: absent fields keep their values.
   * @param context - handed to the codecs in the schema.
   * @throws CodecError with any of its codes; `eof` when the stream ended between values. Go: `Decoder.Decode`.
   */
  tryDecode<S extends AnySchema>(
    schema: S,
    into?: Out<S>,
    context?: unknown,
  ): Out<S> | typeof NEED_MORE {
    try {
      return this.#next(schema, into, context) as Out<S> | typeof NEED_MORE;
    } catch (error) {
      throw this.#values.toError(error, rootName(schema));
    }
  }

  /**
   * Decodes the next value by the type that the peer sent along. Interfaces inside decode to typed values as well,
   * so that the whole value can be encoded again.
   *
   * @throws CodecError as {@link tryDecode}.
   */
  tryDecodeAny(): TypedValue | typeof NEED_MORE {
    try {
      return this.#next(undefined, undefined, undefined) as TypedValue | typeof NEED_MORE;
    } catch (error) {
      throw this.#values.toError(error, "");
    }
  }

  /**
   * Reads past the next value, whatever its type. Returns false if it has not arrived whole.
   *
   * @throws CodecError as {@link tryDecode}. Go: `Decoder.Decode(nil)`.
   */
  trySkip(): boolean {
    try {
      return this.#values.skip();
    } catch (error) {
      throw this.#values.toError(error, "");
    }
  }

  /** @param schema - undefined for the schema that the peer's type describes. */
  #next(schema: AnySchema | undefined, into: unknown, context: unknown): unknown {
    const wire = this.#values.open();
    if (wire === NEED_MORE) return NEED_MORE;
    const value = this.#attempt(schema, wire, into, context);
    return value === MORE ? this.#nextWhenComplete(schema, into, context) : value;
  }

  /** The value goes on in further messages: it is looked through first, and read again when all have arrived. */
  #nextWhenComplete(schema: AnySchema | undefined, into: unknown, context: unknown): unknown {
    const wire = this.#values.scan() ? this.#values.open() : NEED_MORE;
    if (wire === NEED_MORE) return NEED_MORE;
    const value = this.#attempt(schema, wire, into, context);
    return value === MORE ? fail("corrupt", "value goes on behind its end") : value;
  }

  /** Reads the value that was opened. Returns {@link MORE} if the rest of it must arrive first. */
  #attempt(
    schema: AnySchema | undefined,
    wire: WireType | undefined,
    into: unknown,
    context: unknown,
  ): unknown {
    const r = this.#r;
    r.context = context;
    r.depth = 0;
    r.charged = 0;
    try {
      const of = schema ?? this.#describe(wire);
      const top = compileDecoder(r, of, wire, "*");
      // Codecs may act on what they decode, so they must not run for a value that is read again later.
      if (top.waits && !this.#values.isComplete) return MORE;
      const value = top.decoder.read(r, into);
      this.#values.finish();
      r.context = undefined;
      return schema === undefined ? typedValue(of, value as never) : value;
    } catch (error) {
      r.context = undefined;
      if (error === MORE && !this.#values.isComplete) return MORE;
      this.#values.drop(error);
      throw error;
    }
  }

  #describe(wire: WireType | undefined): AnySchema {
    if (wire !== undefined) return wireSchema(this.#r.types, wire, "dynamic");
    return fail("corrupt", "value of a type that was not defined", { offset: this.#r.offset });
  }
}
