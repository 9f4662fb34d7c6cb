/**
 * Node's own conversions between bytes and text, without the checks in front of them: a third of the
 * time for short strings. They are old but undocumented, so the documented ones stand in where they
 * are missing.
 */
interface Conversions {
  utf8Slice?(this: Uint8Array, start: number, end: number): string;
  latin1Slice?(this: Uint8Array, start: number, end: number): string;
  utf8Write?(this: Uint8Array, text: string, offset: number): number;
}

const native: Conversions = Buffer.prototype as Conversions;

export const readUtf8: (bytes: Buffer, start: number, end: number) => string =
  native.utf8Slice === undefined
    ? (bytes, start, end) => bytes.toString("utf8", start, end)
    : (bytes, start, end) => (bytes as Required<Conversions> & Buffer).utf8Slice(start, end);

export const readLatin1: (bytes: Buffer, start: number, end: number) => string =
  native.latin1Slice === undefined
    ? (bytes, start, end) => bytes.toString("latin1", start, end)
    : (bytes, start, end) => (bytes as Required<Conversions> & Buffer).latin1Slice(start, end);

/** Returns how many bytes were written; there has to be room for all. */
export const writeUtf8: (bytes: Buffer, text: string, offset: number) => number =
  native.utf8Write === undefined
    ? (bytes, text, offset) => bytes.write(text, offset)
    : (bytes, text, offset) => (bytes as Required<Conversions> & Buffer).utf8Write(text, offset);
