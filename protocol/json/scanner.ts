/** Finds the end of each JSON message in a stream of bytes. */
import { COST } from "../bytes/cost.js";
import { CodecError } from "../errors.js";
import type { Budget } from "../plain/budget.js";
import type { MessageScanner } from "../plain/input.js";
import type { PlainLimits } from "../plain/limits.js";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const BRACE = 0x7b;
const BRACKET = 0x5b;
const COMMA = 0x2c;

/** A brace or a bracket. Which one does not matter here: the parser checks that they match. */
const isClosing = (byte: number) => byte === 0x7d || byte === 0x5d;
const isSpace = (byte: number) => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

/**
 * Counts the brackets outside of strings: the object ends where none is open [NETRPC-22]. It works on bytes,
 * before the text is decoded, because a byte of ASCII is never a part of another character in UTF-8.
 *
 * The state survives between chunks, so that each byte is looked at once, however small the chunks are. The
 * limits are checked here, because the parser allocates for everything that it sees.
 */
export class JsonScanner implements MessageScanner {
  readonly #limits: PlainLimits;
  readonly #budget: Budget;
  /** Bytes of the message looked at so far. */
  #length = 0;
  /** Brackets that are open. */
  #depth = 0;
  #isInString = false;
  /** The byte before was a backslash that is not escaped itself. */
  #isEscaped = false;

  /** @param budget - for the nodes of the message. */
  constructor(limits: PlainLimits, budget: Budget) {
    this.#limits = limits;
    this.#budget = budget;
  }

  /** @throws CodecError `corrupt` when the message is not an object, `limit`. */
  scan(bytes: Uint8Array, start: number, limit: number): number | undefined {
    const { maxMessageBytes } = this.#limits;
    if (this.#length === 0) this.#budget.reset();
    for (let at = start + this.#length; at < limit; at++) {
      if (++this.#length > maxMessageBytes) {
        throw new CodecError("limit", `json: message passes maxMessageBytes ${maxMessageBytes}`);
      }
      if (!this.#step(bytes[at]!)) continue;
      const length = this.#length;
      this.#length = 0;
      return length;
    }
    return undefined;
  }

  get hasOnlySpace(): boolean {
    return this.#depth === 0;
  }

  /** Takes one more byte. True: the object ends with it. */
  #step(byte: number): boolean {
    if (this.#isInString) {
      if (this.#isEscaped) this.#isEscaped = false;
      else if (byte === BACKSLASH) this.#isEscaped = true;
      else if (byte === QUOTE) this.#isInString = false;
      return false;
    }
    if (this.#depth === 0 && byte !== BRACE && !isSpace(byte)) {
      throw new CodecError("corrupt", `json: no object begins with byte ${byte}`);
    }
    if (byte === QUOTE) {
      this.#isInString = true;
      this.#budget.charge(COST.text);
    } else if (byte === COMMA) this.#budget.charge(COST.entry);
    else if (byte === BRACE) this.#open(COST.map);
    else if (byte === BRACKET) this.#open(COST.list);
    else if (isClosing(byte)) return --this.#depth === 0;
    return false;
  }

  #open(cost: number): void {
    const { maxDepth } = this.#limits;
    this.#budget.charge(cost);
    if (++this.#depth > maxDepth) {
      throw new CodecError("limit", `json: nested deeper than maxDepth ${maxDepth}`);
    }
  }
}
