import { NEED_MORE } from "../bytes/need-more.js";
import type { AnySchema, Out, TypedValue } from "../schema/index.js";
import { value as typedValue } from "../schema/index.js";
import { compileDecoder } from "./decode/compile-decoder.js";
import { wireSchema } from "./decode/dynamic.js";
import { MessageReader } from "./decode/message-reader.js";
import { ValueStream } from "./decode/value-stream.js";
import { fail, MORE } from "./failure.js";
import { DEFAULT_LIMITS, type DecoderLimits } from "./limits.js";
import { Registry } from "./registry.js";
import { describeWireTypes } from "./type/describe-wire.js";
import { rootName } from "./type/go-type.js";
import type { WireType } from "./type/wire-type.js";

export interface DecoderOptions extends Partial<DecoderLimits> {
  /** What values behind interfaces are, by name. Default: the predeclared types only. */
  readonly registry?: Registry;
}

/**
 * A gob stream coming in. It learns the peer's types, so a stream has one decoder. Chunks are pushed
 * in; values are taken out when they are complete. Go: `gob.Decoder`.
 */
export class Decoder {
  readonly #r: MessageReader;
  readonly #values: ValueStream;

  constructor(options: DecoderOptions = {}) {
    const { registry = new Registry(), ...limits } = options;
    this.#r = new MessageReader({ ...DEFAULT_LIMITS, ...limits }, registry);
    this.#values = new ValueStream(this.#r);
  }

  /** The stream cannot go on: framing is lost, or it ended inside a value. */
  get isBroken(): boolean {
    return this.#values.isBroken;
  }

  /** Bytes that were pushed and belong to no value yet. */
  get bufferedBytes(): number {
    return this.#r.bufferedBytes;
  }

  /** Every type that the peer has defined so far, as Go source. */
  describeTypes(): string {
    return describeWireTypes(this.#r.types);
  }

  /** Adds what arrived. `chunk` is borrowed until {@link retain}. */
  push(chunk: Uint8Array): void {
    this.#r.push(chunk);
  }

  /** Copies what is not consumed, so that the pushed chunk may be reused. */
  retain(): void {
    this.#r.retain();
  }

  /** Nothing more will arrive: from now on a missing byte is an error. */
  end(): void {
    this.#values.end();
  }

  /**
   * Decodes the next value, or returns {@link NEED_MORE}.
   *
   * An error that concerns one value leaves the stream usable: the next call starts at the next
   * value. `isBroken` tells the others.
   *
   * @param into - a value to merge into, as Go does [GOB-24]; absent fields keep what they have.
   * @param context - handed to the codecs in the schema.
   * @throws CodecError with any of its codes; `eof` when the stream ended between values.
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
   * Decodes the next value by the type that the peer sent along. Interfaces inside arrive as typed
   * values, too, so that the whole encodes again.
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
   * Reads past the next value, whatever it is; false when it has not arrived whole.
   *
   * @throws CodecError as {@link tryDecode}.
   */
  trySkip(): boolean {
    try {
      return this.#values.skip();
    } catch (error) {
      throw this.#values.toError(error, "");
    }
  }

  /** @param schema - undefined for the one that the peer's type describes. */
  #next(schema: AnySchema | undefined, into: unknown, context: unknown): unknown {
    const wire = this.#values.open();
    if (wire === NEED_MORE) return NEED_MORE;
    const value = this.#attempt(schema, wire, into, context);
    return value === MORE ? this.#nextWhenComplete(schema, into, context) : value;
  }

  #nextWhenComplete(schema: AnySchema | undefined, into: unknown, context: unknown): unknown {
    const wire = this.#values.scan() ? this.#values.open() : NEED_MORE;
    if (wire === NEED_MORE) return NEED_MORE;
    const value = this.#attempt(schema, wire, into, context);
    return value === MORE ? fail("corrupt", "value goes on behind its end") : value;
  }

  /** Reads the value that was opened; {@link MORE} when that has to wait for the rest of it. */
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
      // Codecs may act on what they decode, so none is called for half a value.
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
