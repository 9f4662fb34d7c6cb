/** Strings that stand close together, cut out of one larger string: half the time of making each by itself. */
import { readLatin1, readUtf8 } from "../../bytes/text.js";

/** Longer strings do not go through a window. They are worth a call, and should keep nothing else in memory. */
export const MAX_WINDOW_STRING_BYTES = 64;
/** The engine keeps the whole window in memory as long as one string that was cut out of it lives. */
const WINDOW_BYTES = 1024;
/** A window is not worth its cost where the message has fewer bytes left. Most messages are shorter as a whole. */
export const MIN_WINDOW_BYTES = 256;
/** A window is opened where the string before was this close. */
const CLOSE_BYTES = 100;

/** A stretch of a message as one string, a char per byte. ASCII strings are substrings of it. */
export class StringWindow {
  /** Where the window ends in the message. A string up to here can be cut out. */
  end = 0;
  /** Where the last string ended. Far in front of the message at first, so that the first string is not close. */
  lastStringEnd = -CLOSE_BYTES;
  #text = "";
  #start = 0;

  /** Forgets the bytes. Called for each message, because its bytes are in another place or in other memory. */
  close(): void {
    this.end = 0;
    this.lastStringEnd = -CLOSE_BYTES;
  }

  /**
   * Opens a window that begins with the string from `start` to `end`. False if strings do not stand close together here.
   *
   * @param left - bytes up to the end of the message: {@link MIN_WINDOW_BYTES} at least.
   */
  open(bytes: Buffer, start: number, end: number, left: number): boolean {
    const isClose = start - this.lastStringEnd < CLOSE_BYTES && start >= this.lastStringEnd;
    this.lastStringEnd = end;
    if (!isClose) return false;
    this.#start = start;
    this.end = start + Math.min(left, WINDOW_BYTES);
    this.#text = readLatin1(bytes, start, this.end);
    return true;
  }

  /** A string that the window holds. */
  cut(bytes: Buffer, start: number, end: number): string {
    this.lastStringEnd = end;
    let seen = 0;
    for (let i = start; i < end; i++) seen |= bytes[i] as number;
    if (seen > 0x7f) return readUtf8(bytes, start, end);
    return this.#text.substring(start - this.#start, end - this.#start);
  }
}
