import { COST } from "../bytes/cost.js";
import { CodecError } from "../errors.js";
import type { PlainLimits } from "../plain/limits.js";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const BRACE = 0x7b;
const BRACKET = 0x5b;
const COMMA = 0x2c;
const isClosing = (byte: number) => byte === 0x7d || byte === 0x5d;
const isSpace = (byte: number) => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

/**
 * Finds where an object ends, by brackets outside of texts [NETRPC-22]: all that is special is ASCII.
 * Goes on where it stopped when more has arrived.
 */
export class JsonScanner {
  readonly #limits: PlainLimits;
  #length = 0;
  #charged = 0;
  #depth = 0;
  #isInText = false;
  #isEscaped = false;

  constructor(limits: PlainLimits) {
    this.#limits = limits;
  }

  /**
   * The length of the object at `start` with the white space before it; undefined while it has not all
   * arrived.
   *
   * @throws CodecError `corrupt` for what is no object, `limit`.
   */
  scan(bytes: Uint8Array, start: number, limit: number): number | undefined {
    const { maxMessageBytes } = this.#limits;
    for (let at = start + this.#length; at < limit; at++) {
      if (++this.#length > maxMessageBytes) {
        throw new CodecError("limit", `json: message passes maxMessageBytes ${maxMessageBytes}`);
      }
      if (!this.#step(bytes[at]!)) continue;
      const length = this.#length;
      this.#length = 0;
      this.#charged = 0;
      return length;
    }
    return undefined;
  }

  /** Whether white space is all that was seen. */
  get isBetween(): boolean {
    return this.#depth === 0;
  }

  /** True when the object ends with this byte. */
  #step(byte: number): boolean {
    if (this.#isInText) {
      if (this.#isEscaped) this.#isEscaped = false;
      else if (byte === BACKSLASH) this.#isEscaped = true;
      else if (byte === QUOTE) this.#isInText = false;
      return false;
    }
    if (this.#depth === 0 && byte !== BRACE && !isSpace(byte)) {
      throw new CodecError("corrupt", `json: no object begins with byte ${byte}`);
    }
    if (byte === QUOTE) this.#isInText = true;
    else if (byte === COMMA) this.#charge(COST.entry);
    else if (byte === BRACE) this.#open(COST.map);
    else if (byte === BRACKET) this.#open(COST.list);
    else if (isClosing(byte)) return --this.#depth === 0;
    return false;
  }

  #open(cost: number): void {
    const { maxDepth } = this.#limits;
    this.#charge(cost);
    if (++this.#depth > maxDepth) {
      throw new CodecError("limit", `json: nested deeper than maxDepth ${maxDepth}`);
    }
  }

  #charge(byteLength: number): void {
    const { maxValueBytes } = this.#limits;
    this.#charged += byteLength;
    if (this.#charged <= maxValueBytes) return;
    const text = `json: parts of the message take more than maxValueBytes ${maxValueBytes} of memory`;
    throw new CodecError("limit", text);
  }
}
