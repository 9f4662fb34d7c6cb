/**
 * Conversions between bytes and text by Node's internal methods, which skip the checks of the public ones. For
 * short strings they take a third of the time. They are old but undocumented, so the documented methods take
 * their place where they are missing.
 *
 * A Go string is any bytes. No byte may be lost, so the bytes that are not UTF-8 have chars of their own:
 * see `stray-bytes.ts`.
 */
import { isUtf8 } from "node:buffer";
import { readStrayBytes } from "./stray-bytes.js";

interface Conversions {
  utf8Slice?(this: Uint8Array, start: number, end: number): string;
  latin1Slice?(this: Uint8Array, start: number, end: number): string;
  utf8Write?(this: Uint8Array, text: string, offset: number): number;
}

const native: Conversions = Buffer.prototype as Conversions;

/**
 * [GOB-44] The text of the bytes from `start` to `end`. A byte that is not UTF-8 becomes a lone surrogate. Only a text
 * with U+FFFD can have such bytes, and looking for it is cheap: a text of one byte per char has none by its kind.
 */
export function readUtf8(bytes: Buffer, start: number, end: number): string {
  const text = decodeUtf8(bytes, start, end);
  if (!text.includes("\ufffd") || isUtf8(bytes.subarray(start, end))) return text;
  return readStrayBytes(bytes, start, end);
}

/** As {@link readUtf8}, but bytes that are not UTF-8 become U+FFFD. */
const decodeUtf8: (bytes: Buffer, start: number, end: number) => string =
  native.utf8Slice === undefined
    ? (bytes, start, end) => bytes.toString("utf8", start, end)
    : (bytes, start, end) => (bytes as Required<Conversions> & Buffer).utf8Slice(start, end);

/** The same, one char per byte: right for ASCII, and faster. */
export const readLatin1: (bytes: Buffer, start: number, end: number) => string =
  native.latin1Slice === undefined
    ? (bytes, start, end) => bytes.toString("latin1", start, end)
    : (bytes, start, end) => (bytes as Required<Conversions> & Buffer).latin1Slice(start, end);

/**
 * Writes `text` at `offset`, where there must be room for all of it, and returns the number of bytes. Lone surrogates
 * become U+FFFD: a text that is not well-formed goes through `writeStrayBytes` first.
 */
export const writeUtf8: (bytes: Buffer, text: string, offset: number) => number =
  native.utf8Write === undefined
    ? (bytes, text, offset) => bytes.write(text, offset)
    : (bytes, text, offset) => (bytes as Required<Conversions> & Buffer).utf8Write(text, offset);
