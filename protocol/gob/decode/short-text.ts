/** Short strings made char by char, which is faster than a call into the runtime. */
import { readUtf8 } from "../../bytes/text.js";
import { generate } from "../generate.js";

/** Up to here chars are faster than the call. */
export const MAX_SHORT_BYTES = 32;

/** The ASCII text of one length at `start`. Undefined if a byte is not ASCII. */
type ReadAscii = (bytes: Uint8Array, start: number) => string | undefined;

/** By length in bytes. */
const readers: ReadAscii[] = [];

/** The text of up to {@link MAX_SHORT_BYTES} bytes. */
export function shortText(bytes: Buffer, start: number, end: number): string {
  const byteLength = end - start;
  const read = readers[byteLength] ?? addReader(byteLength);
  return read(bytes, start) ?? readUtf8(bytes, start, end);
}

function addReader(byteLength: number): ReadAscii {
  const reader = generate<ReadAscii>(new Map(), "bytes, start", asciiSource(byteLength));
  // Where code generation is disallowed every string takes the call.
  readers[byteLength] = reader ?? (() => undefined);
  return readers[byteLength];
}

/**
 * The body of a function `(bytes, start)` that makes the text of `byteLength` bytes. One `String.fromCharCode` with an
 * argument for each byte makes a flat string. A loop that appends would leave a tree of parts, which costs as much
 * again when the string is first looked at. Of two bytes:
 *
 * ```js
 * const b0 = bytes[start + 0];
 * const b1 = bytes[start + 1];
 * if ((b0 | b1) > 0x7f) return undefined;
 * return String.fromCharCode(b0, b1);
 * ```
 */
export function asciiSource(byteLength: number): string {
  const names = Array.from({ length: byteLength }, (_, i) => `b${i}`);
  return [
    ...names.map((name, i) => `const ${name} = bytes[start + ${i}];`),
    `if ((${names.join(" | ") || "0"}) > 0x7f) return undefined;`,
    `return String.fromCharCode(${names.join(", ")});`,
  ].join("\n");
}
