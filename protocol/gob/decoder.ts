import type { CodecError } from "../errors.js";
import type { AnySchema, Out, TypedValue } from "../schema/index.js";
import { value as typedValue } from "../schema/index.js";
import { compileDecoder } from "./compile-decoder.js";
import { describeWireTypes } from "./describe-wire.js";
import { wireSchema } from "./dynamic.js";
import { rootName } from "./encoder.js";
import { asFailure, fail, MORE, toCodecError } from "./failure.js";
import { DEFAULT_LIMITS, type DecoderLimits } from "./limits.js";
import { MessageReader } from "./message-reader.js";
import { Registry } from "./registry.js";
import { Skipper } from "./skipper.js";
import type { WireType } from "./wire-type.js";

export interface DecoderOptions extends Partial<DecoderLimits> {
  /** What values behind interfaces are, by name. Default: the predeclared types only. */
  readonly registry?: Registry;
}

/** What `tryDecode` returns when the value has not arrived whole. */
export const NEED_MORE: unique symbol = Symbol("gob.needMore");

/** Where the stream stands. */
type State =
  /** Before a message. */
  | { readonly at: "message" }
  /** [GOB-26] At a value that goes on in messages still missing: looked through as they arrive. */
  | { readonly at: "scan"; readonly skipper: Skipper }
  /** In a value that is being skipped, or the rest of one that failed. */
  | { readonly at: "skip" | "drop"; readonly skipper: Skipper }
  /** Nowhere: framing is lost, or the stream is over. */
  | { readonly at: "end"; readonly error: CodecError };

const AT_MESSAGE: State = { at: "message" };

/**
 * A gob stream coming in. It learns the peer's types, so a stream has one decoder. Chunks are pushed
 * in; values are taken out when they are complete. Go: `gob.Decoder`.
 */
export class Decoder {
  readonly #r: MessageReader;
  #state: State = AT_MESSAGE;
  #isEnded = false;
  /** A definition came, so a value has to follow. */
  #isValueDue = false;

  constructor(options: DecoderOptions = {}) {
    const { registry = new Registry(), ...limits } = options;
    this.#r = new MessageReader({ ...DEFAULT_LIMITS, ...limits }, registry);
  }

  /** The stream cannot go on: framing is lost, or it ended inside a value. */
  get isBroken(): boolean {
    return this.#state.at === "end" && this.#state.error.code !== "eof";
  }

  /** Bytes that were pushed and belong to no value yet. */
  get bufferedBytes(): number {
    return this.#r.limit - this.#r.start;
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
    this.#isEnded = true;
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
    const read: ReadValue = (r, wire) => compileDecoder(r, schema, wire, "*")(r, into);
    return this.#guard(() => this.#tryRead(read, context), schema) as Out<S> | typeof NEED_MORE;
  }

  /**
   * Decodes the next value by the type that the peer sent along. Interfaces inside arrive as typed
   * values, too, so that the whole encodes again.
   *
   * @throws CodecError as {@link tryDecode}.
   */
  tryDecodeAny(): TypedValue | typeof NEED_MORE {
    const read: ReadValue = (r, wire) => {
      if (wire === undefined) return fail("corrupt", "value of a type that was not defined");
      const schema = wireSchema(r.types, wire, "dynamic");
      return typedValue(schema, compileDecoder(r, schema, wire, "*")(r, undefined) as never);
    };
    return this.#guard(() => this.#tryRead(read, undefined)) as TypedValue | typeof NEED_MORE;
  }

  /**
   * [GOB-30] Reads past the next value, whatever it is; false when it has not arrived whole.
   *
   * @throws CodecError as {@link tryDecode}.
   */
  trySkip(): boolean {
    return this.#guard(() => {
      if (this.#state.at !== "skip") {
        const wire = this.#openValue();
        if (wire === NEED_MORE) return false;
        this.#state = { at: "skip", skipper: this.#skipperOf(wire) };
      }
      return this.#runSkipper() || this.#needMore() !== NEED_MORE;
    });
  }

  #tryRead(read: ReadValue, context: unknown): unknown {
    const wire = this.#openValue();
    if (wire === NEED_MORE) return NEED_MORE;
    const r = this.#r;
    r.context = context;
    r.depth = 0;
    try {
      const value = read(r, wire);
      this.#finishValue();
      return value;
    } catch (error) {
      if (error === MORE) return this.#startScan();
      this.#startDrop(error);
      throw error;
    } finally {
      r.context = undefined;
    }
  }

  /**
   * Goes to the next value, past definitions and what is left of the value before, and past the
   * value's type id. Undefined is the type of an id that was not defined.
   */
  #openValue(): WireType | undefined | typeof NEED_MORE {
    const r = this.#r;
    if (!this.#settle()) return this.#needMore();
    for (;;) {
      if (!r.openMessage()) return this.#needMore();
      const id = this.#inMessage(() => {
        const id = r.int();
        if (id >= 0) return id;
        r.types.readDefinition(r, -id);
        if (r.pos < r.end) {
          fail("corrupt", "gob: extra data in buffer", { offset: r.offset, isGoText: true });
        }
        return id;
      });
      if (id >= 0) {
        r.types.mark();
        const wire = r.types.get(id);
        this.#inMessage(() => wire !== undefined && r.singleton(wire));
        return wire;
      }
      this.#isValueDue = true;
      r.consume();
    }
  }

  /** Deals with a value that is still open; false when that takes more messages. */
  #settle(): boolean {
    const state = this.#state;
    switch (state.at) {
      case "message":
        return true;
      case "end":
        throw state.error;
      case "scan": {
        const isComplete = this.#inMessage(() => state.skipper.run());
        if (isComplete) this.#rewind();
        return isComplete;
      }
      default:
        return this.#runSkipper();
    }
  }

  /** Skips as far as the messages go. What cannot be skipped ends with its message. */
  #runSkipper(): boolean {
    const state = this.#state as State & { at: "skip" | "drop" };
    try {
      if (state.skipper.run()) {
        this.#finishValue();
        return true;
      }
    } catch (error) {
      this.#finishValue();
      // Of a value that failed before, this is not the first error.
      if (state.at === "drop" && !asFailure(error).facts.breaksStream) return true;
      throw error;
    }
    this.#r.consume();
    return false;
  }

  #skipperOf(wire: WireType | undefined): Skipper {
    return this.#inMessage(() => {
      if (wire !== undefined) return new Skipper(this.#r, wire);
      const text = "gob: bad data: undefined type";
      return fail("corrupt", text, { offset: this.#r.offset, isGoText: true });
    });
  }

  /** The value goes on in a message that is not here: it is decoded again once it is complete. */
  #startScan(): typeof NEED_MORE {
    this.#rewind();
    const wire = this.#openValue();
    if (wire === NEED_MORE) return NEED_MORE;
    const skipper = this.#skipperOf(wire);
    this.#state = { at: "scan", skipper };
    if (this.#settle()) fail("corrupt", "value is split where it is complete");
    return this.#needMore();
  }

  /** After an error in one value: the next value begins where this one ends by its wire type. */
  #startDrop(error: unknown): void {
    const { facts } = asFailure(error);
    if (facts.breaksStream === true) return;
    this.#rewind();
    try {
      const wire = this.#openValue();
      if (wire === NEED_MORE) return;
      this.#state = { at: "drop", skipper: this.#skipperOf(wire) };
      this.#runSkipper();
    } catch {
      // The value cannot be skipped either: its message is dropped, see #inMessage.
    }
  }

  /** Back to the start of the value, as if nothing of it had been read. */
  #rewind(): void {
    const r = this.#r;
    r.types.rollback();
    r.pos = r.start;
    r.end = r.start;
    this.#state = AT_MESSAGE;
  }

  /** Runs what fails for this message alone: the stream goes on behind it. */
  #inMessage<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      this.#finishValue();
      throw error;
    }
  }

  /** [GOB-20] The value ends with its message, whatever is left in it. */
  #finishValue(): void {
    const r = this.#r;
    r.pos = r.end;
    r.consume();
    this.#state = AT_MESSAGE;
    this.#isValueDue = false;
  }

  /** [GOB-20] */
  #needMore(): typeof NEED_MORE {
    if (!this.#isEnded) return NEED_MORE;
    const r = this.#r;
    const isClean = this.#state.at === "message" && r.start === r.limit && !this.#isValueDue;
    const offset = r.base + r.limit;
    if (isClean) return fail("eof", "EOF", { offset, breaksStream: true });
    return fail("unexpected-eof", "unexpected EOF", { offset, breaksStream: true });
  }

  #guard<T>(run: () => T, schema?: AnySchema): T {
    try {
      return run();
    } catch (error) {
      if (this.#state.at === "end" && error === this.#state.error) throw error;
      const codecError = toCodecError(error, schema === undefined ? "" : rootName(schema));
      if (asFailure(error).facts.breaksStream === true) {
        this.#state = { at: "end", error: codecError };
      }
      throw codecError;
    }
  }
}

type ReadValue = (r: MessageReader, wire: WireType | undefined) => unknown;
