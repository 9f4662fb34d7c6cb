import { NEED_MORE } from "../../bytes/need-more.js";
import type { CodecError } from "../../errors.js";
import { asFailure, fail, toCodecError } from "../failure.js";
import type { WireType } from "../type/wire-type.js";
import type { MessageReader } from "./message-reader.js";
import { Skipper } from "./skipper.js";
import { canSplit } from "./split.js";

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
 * A stream of messages as a stream of values: finds where each begins, whatever became of the one
 * before. A value that turns out to be split is left alone until all of it has arrived, which a
 * skipper finds out in one pass: however small the pieces, each byte is looked at three times at most.
 */
export class ValueStream {
  readonly #r: MessageReader;
  #state: State = AT_MESSAGE;
  #isEnded = false;
  /** A definition came, so a value has to follow. */
  #isValueDue = false;
  /** The value that comes next is known to be complete. */
  #isComplete = false;

  constructor(r: MessageReader) {
    this.#r = r;
  }

  get isBroken(): boolean {
    return this.#state.at === "end" && this.#state.error.code !== "eof";
  }

  /** Whether the value at hand is known to be complete, over all its messages. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  end(): void {
    this.#isEnded = true;
  }

  /**
   * Goes to the next value, past definitions and what is left of the value before, and past the
   * value's type id. Undefined is the type of an id that was not defined.
   */
  open(): WireType | undefined | typeof NEED_MORE {
    const r = this.#r;
    if (this.#state !== AT_MESSAGE && !this.#settle()) return this.#needMore();
    for (;;) {
      if (!r.openMessage()) return this.#needMore();
      try {
        const id = r.int();
        if (id >= 0) return this.#openValue(id);
        r.types.readDefinition(r, -id);
        if (r.pos < r.end) {
          fail("corrupt", "gob: extra data in buffer", { offset: r.offset, isGoText: true });
        }
      } catch (error) {
        // What is wrong is wrong with this message alone.
        this.finish();
        throw error;
      }
      this.#isValueDue = true;
      r.consume();
    }
  }

  #openValue(id: number): WireType | undefined {
    const r = this.#r;
    r.types.mark();
    const wire = r.types.get(id);
    if (wire !== undefined) r.singleton(wire);
    return wire;
  }

  /** [GOB-20] The value ends with its message, whatever is left in it. */
  finish(): void {
    const r = this.#r;
    r.pos = r.end;
    r.consume();
    this.#state = AT_MESSAGE;
    this.#isValueDue = false;
    this.#isComplete = false;
  }

  /** Goes back to the start of the value and looks whether it is complete; if so it can be opened. */
  scan(): boolean {
    this.#rewind();
    const wire = this.open();
    if (wire !== NEED_MORE) this.#state = { at: "scan", skipper: this.#skipperOf(wire) };
    return this.#settle() || this.#needMore() !== NEED_MORE;
  }

  /** [GOB-37] After an error in one value: the next one begins where this one ends by its wire type. */
  drop(error: unknown): void {
    if (asFailure(error).facts.breaksStream === true) return;
    this.#rewind();
    try {
      const wire = this.open();
      if (wire === NEED_MORE) return;
      // It ends with its message, however much is left of it.
      if (wire !== undefined && !canSplit(this.#r.types, wire)) this.finish();
      else {
        this.#state = { at: "drop", skipper: this.#skipperOf(wire) };
        this.#runSkipper();
      }
    } catch {
      // It cannot be skipped either, so it ends with the message that is wrong.
    }
  }

  /** [GOB-30] Reads past a value; false when that takes more messages. */
  skip(): boolean {
    if (this.#state.at !== "skip") {
      const wire = this.open();
      if (wire === NEED_MORE) return false;
      this.#state = { at: "skip", skipper: this.#skipperOf(wire) };
    }
    return this.#runSkipper() || this.#needMore() !== NEED_MORE;
  }

  /** The public form of an error; one that breaks the stream is what every later call gets. */
  toError(error: unknown, root: string): CodecError {
    if (this.#state.at === "end" && error === this.#state.error) return this.#state.error;
    const codecError = toCodecError(error, root);
    if (asFailure(error).facts.breaksStream === true)
      this.#state = { at: "end", error: codecError };
    return codecError;
  }

  /** Deals with a value that is still open; false when that takes more messages. */
  #settle(): boolean {
    const state = this.#state;
    switch (state.at) {
      case "message":
        return true;
      case "end":
        throw state.error;
      case "scan":
        if (!this.#runScan(state.skipper)) return false;
        this.#rewind();
        this.#isComplete = true;
        return true;
      default:
        return this.#runSkipper();
    }
  }

  #runScan(skipper: Skipper): boolean {
    try {
      return skipper.run();
    } catch (error) {
      this.finish();
      throw error;
    }
  }

  /** Skips as far as the messages go. What cannot be skipped ends with its message. */
  #runSkipper(): boolean {
    const state = this.#state as State & { at: "skip" | "drop" };
    try {
      if (state.skipper.run()) {
        this.finish();
        return true;
      }
    } catch (error) {
      this.finish();
      // Of a value that failed before, this is not the first error.
      if (state.at === "drop" && asFailure(error).facts.breaksStream !== true) return true;
      throw error;
    }
    this.#r.consume();
    return false;
  }

  #skipperOf(wire: WireType | undefined): Skipper {
    const r = this.#r;
    try {
      if (wire !== undefined) return new Skipper(r, wire);
      return fail("corrupt", "gob: bad data: undefined type", { offset: r.offset, isGoText: true });
    } catch (error) {
      this.finish();
      throw error;
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

  /** [GOB-20] */
  #needMore(): typeof NEED_MORE {
    if (!this.#isEnded) return NEED_MORE;
    const r = this.#r;
    const isClean = this.#state.at === "message" && r.start === r.limit && !this.#isValueDue;
    const offset = r.base + r.limit;
    if (isClean) return fail("eof", "EOF", { offset, breaksStream: true });
    return fail("unexpected-eof", "unexpected EOF", { offset, breaksStream: true });
  }
}
