/**
 * Where each value of a stream begins and ends. A value takes one message, or several if definitions stand inside it,
 * and it may fail to decode anywhere. The next value must be found all the same.
 */
import { NEED_MORE } from "../../bytes/need-more.js";
import type { CodecError } from "../../errors.js";
import { asFailure, fail, toCodecError } from "../failure.js";
import { canSplit } from "../type/can-split.js";
import type { WireType } from "../type/wire-type.js";
import type { DecodeState } from "./decode-state.js";
import { readSingleton } from "./interface-header.js";
import { readDefinition } from "./read-definition.js";
import { Skipper } from "./skipper.js";

/** Where the stream is. */
type State =
  /** In front of a message. */
  | { readonly at: "message" }
  /** [GOB-26] In a value that goes on in further messages, which is looked through as they arrive. */
  | { readonly at: "scan"; readonly skipper: Skipper }
  /** In a value that is being skipped, or in the rest of a value that failed. */
  | { readonly at: "skip" | "drop"; readonly skipper: Skipper }
  /** At its end: no later value can be read. */
  | { readonly at: "end"; readonly error: CodecError };

const AT_MESSAGE: State = { at: "message" };

/**
 * A stream of messages as a stream of values.
 *
 * The decoder first reads a value as if it were whole. If it turns out to go on in a message that has not arrived,
 * a skipper looks through the messages as they come, and the value is read again when all of it is there. However
 * small the pieces are, each byte is therefore read three times at most.
 *
 * To start a value again, `open` sets a mark in the type table and the stream keeps the bytes of a value until the value
 * is finished. Rewinding takes back the definitions since the mark and goes to the first of those bytes.
 */
export class ValueStream {
  readonly #r: DecodeState;
  #state: State = AT_MESSAGE;
  #isEnded = false;
  /** A definition came, so a value has to follow. */
  #isValueDue = false;
  /** The value that comes next is known to be complete. */
  #isComplete = false;

  /** @param r - put in front of values by this stream, and moved over them by decoders. */
  constructor(r: DecodeState) {
    this.#r = r;
  }

  /** Whether framing is lost, the stream ended inside a value, or a type was defined twice. */
  get isBroken(): boolean {
    return this.#state.at === "end" && this.#state.error.code !== "eof";
  }

  /** Whether the value at hand is known to be complete, over all its messages. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** Tells that no more bytes will arrive. */
  end(): void {
    this.#isEnded = true;
  }

  /**
   * Goes to the next value: past the rest of the value before, past definitions, and past its own type id.
   * Returns its type, which is undefined if the peer never defined that id.
   */
  open(): WireType | undefined | typeof NEED_MORE {
    const r = this.#r;
    if (this.#state !== AT_MESSAGE && !this.#settle()) return this.#needMore();
    for (;;) {
      if (!r.stream.openMessage()) return this.#needMore();
      try {
        const id = r.int();
        if (id >= 0) return this.#openValue(id);
        readDefinition(r, -id, true);
        if (r.pos < r.end) {
          fail("corrupt", "gob: extra data in buffer", { offset: r.offset, isGoText: true });
        }
      } catch (error) {
        // Only this message is wrong. The next one can be read, unless the error is final.
        this.finish();
        throw error;
      }
      this.#isValueDue = true;
      r.stream.consume();
    }
  }

  #openValue(id: number): WireType | undefined {
    const r = this.#r;
    r.types.mark();
    const wire = r.types.get(id);
    if (wire !== undefined) readSingleton(r, wire);
    return wire;
  }

  /** [GOB-20] Ends the value with the current message, and drops the rest of it. */
  finish(): void {
    const r = this.#r;
    r.pos = r.end;
    r.stream.consume();
    this.#state = AT_MESSAGE;
    this.#isValueDue = false;
    this.#isComplete = false;
  }

  /** Goes back to the start of the value and looks whether it is complete. If so, it can be opened again. */
  scan(): boolean {
    this.#rewind();
    const wire = this.open();
    if (wire !== NEED_MORE) this.#state = { at: "scan", skipper: this.#skipperOf(wire) };
    return this.#settle() || this.#needMore() !== NEED_MORE;
  }

  /** [GOB-37] Goes past a value that failed. It ends where its wire type says, from its start on. */
  drop(error: unknown): void {
    if (asFailure(error).facts.breaksStream === true) return;
    this.#rewind();
    try {
      const wire = this.open();
      if (wire === NEED_MORE) return;
      // A value that cannot be split ends with its message. Nothing needs to be skipped.
      if (wire !== undefined && !canSplit(this.#r.types, wire)) this.finish();
      else {
        this.#state = { at: "drop", skipper: this.#skipperOf(wire) };
        this.#runSkipper();
      }
    } catch (later) {
      // It cannot be skipped either. `open` has ended it with the message that is wrong. The caller gets the first
      // error, and every later call the one that is final.
      this.#breakIfFinal(later, "");
    }
  }

  /** [GOB-30] Reads past a value. False if it goes on in a message that has not arrived. */
  skip(): boolean {
    if (this.#state.at !== "skip") {
      const wire = this.open();
      if (wire === NEED_MORE) return false;
      this.#state = { at: "skip", skipper: this.#skipperOf(wire) };
    }
    return this.#runSkipper() || this.#needMore() !== NEED_MORE;
  }

  /**
   * The public form of an error. An error that breaks the stream is kept, and every later call throws it again.
   *
   * @param root - the name of the type that was decoded, for the path.
   */
  toError(error: unknown, root: string): CodecError {
    if (this.#state.at === "end" && error === this.#state.error) return this.#state.error;
    return this.#breakIfFinal(error, root);
  }

  #breakIfFinal(error: unknown, root: string): CodecError {
    const codecError = toCodecError(error, root);
    if (asFailure(error).facts.breaksStream === true) {
      this.#state = { at: "end", error: codecError };
    }
    return codecError;
  }

  /** Deals with the value that is still open. False if that takes messages which have not arrived. */
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

  /** Skips as far as the messages go. A value that cannot be skipped ends with its message. */
  #runSkipper(): boolean {
    const state = this.#state as State & { at: "skip" | "drop" };
    try {
      if (state.skipper.run()) {
        this.finish();
        return true;
      }
    } catch (error) {
      this.finish();
      // The caller has already got the first error of a value that is being dropped.
      if (state.at === "drop" && asFailure(error).facts.breaksStream !== true) return true;
      throw error;
    }
    this.#r.stream.consume();
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

  /** Goes back to the start of the value, as if nothing of it had been read. */
  #rewind(): void {
    this.#r.types.rollback();
    this.#r.stream.rewind();
    this.#state = AT_MESSAGE;
  }

  /** [GOB-20] Asks for more bytes. @throws if the stream has ended: cleanly only between two values. */
  #needMore(): typeof NEED_MORE {
    if (!this.#isEnded) return NEED_MORE;
    const { stream } = this.#r;
    const isClean = this.#state.at === "message" && stream.isEmpty && !this.#isValueDue;
    const offset = stream.endOffset;
    if (isClean) return fail("eof", "EOF", { offset, breaksStream: true });
    return fail("unexpected-eof", "unexpected EOF", { offset, breaksStream: true });
  }
}
