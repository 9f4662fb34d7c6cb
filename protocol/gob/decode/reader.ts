import { readLatin1, readUtf8 } from "../../bytes/text.js";
import { at } from "../failure.js";
import { cachedText, cacheText, MAX_CACHED_BYTES } from "./key-cache.js";
import { MAX_FULL_LENGTH, NumberReader } from "./number-reader.js";
import { MAX_SHORT_BYTES, shortText } from "./short-text.js";

/** Longer strings are worth a call, and nothing but themselves in memory. */
const MAX_WINDOW_STRING_BYTES = 64;
const WINDOW_BYTES = 1024;
/** A window is opened where so much follows, and another string stood so close before. */
const MIN_WINDOW_BYTES = 256;
const CLOSE_BYTES = 100;

/** A bounds-checked cursor over one message: all of gob's primitives. */
export class Reader extends NumberReader {
  /** A stretch of the message as a string, a char per byte. */
  #window = "";
  #windowStart = 0;
  #windowEnd = 0;
  #lastStringEnd = -CLOSE_BYTES;

  protected override useMessage(pos: number, end: number): void {
    super.useMessage(pos, end);
    this.#windowEnd = 0;
    this.#lastStringEnd = -CLOSE_BYTES;
  }

  /** [GOB-5] */
  string(): string {
    const byteLength = this.count("string");
    const start = this.pos;
    const end = start + byteLength;
    this.pos = end;
    if (byteLength > MAX_WINDOW_STRING_BYTES) return readUtf8(this.bytes, start, end);
    if (end <= this.#windowEnd || this.#openWindow(start, end)) {
      return this.#fromWindow(start, end);
    }
    if (byteLength > MAX_SHORT_BYTES) return readUtf8(this.bytes, start, end);
    return shortText(this.bytes, start, end);
  }

  /** [GOB-5] A string that is likely to come again: a map key, the name of a type. */
  key(): string {
    const start = this.pos;
    const byteLength = this.count("string");
    const from = this.pos;
    const end = from + byteLength;
    if (byteLength > MAX_CACHED_BYTES) {
      this.pos = start;
      return this.string();
    }
    this.pos = end;
    this.#lastStringEnd = end;
    const known = cachedText(this.bytes, from, end);
    if (known !== undefined) return known;
    const text = shortText(this.bytes, from, end);
    cacheText(this.bytes, from, end, text);
    return text;
  }

  /**
   * Where strings stand close together, a stretch of the message is made one string and they are cut
   * out of it: half the time of a call each. The stretch is short, because a string that is cut out
   * keeps it in memory.
   */
  #openWindow(start: number, end: number): boolean {
    const isClose = start - this.#lastStringEnd < CLOSE_BYTES && start >= this.#lastStringEnd;
    this.#lastStringEnd = end;
    if (!isClose || this.end - start < MIN_WINDOW_BYTES) return false;
    this.#windowStart = start;
    this.#windowEnd = Math.min(this.end, start + WINDOW_BYTES);
    if (end > this.#windowEnd) this.#windowEnd = end;
    this.#window = readLatin1(this.bytes, start, this.#windowEnd);
    return true;
  }

  #fromWindow(start: number, end: number): string {
    const { bytes } = this;
    this.#lastStringEnd = end;
    let seen = 0;
    for (let i = start; i < end; i++) seen |= bytes[i] as number;
    if (seen > 0x7f) return readUtf8(bytes, start, end);
    return this.#window.substring(start - this.#windowStart, end - this.#windowStart);
  }

  strings(count: number): string[] {
    const out: string[] = count < MAX_FULL_LENGTH ? new Array(count) : [];
    let i = 0;
    try {
      for (; i < count; i++) out[i] = this.string();
    } catch (error) {
      throw at(error, `[${i}]`);
    }
    return out;
  }
}
