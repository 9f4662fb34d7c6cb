import { readUtf8 } from "../../bytes/text.js";
import { generate } from "../generate.js";

/** Up to here chars are faster than a call into the runtime. */
export const MAX_SHORT_BYTES = 32;

/** The ASCII text of one length at `start`; undefined where a byte is no ASCII. */
type ReadAscii = (bytes: Uint8Array, start: number) => string | undefined;

const readers: ReadAscii[] = [];

/**
 * The text of up to {@link MAX_SHORT_BYTES} bytes, made by one `String.fromCharCode` with as many
 * arguments: a loop that appends leaves a rope, which costs as much again when it is first looked at.
 */
export function shortText(bytes: Buffer, start: number, end: number): string {
  const byteLength = end - start;
  const read = readers[byteLength] ?? addReader(byteLength);
  return read(bytes, start) ?? readUtf8(bytes, start, end);
}

function addReader(byteLength: number): ReadAscii {
  const names = Array.from({ length: byteLength }, (_, i) => `b${i}`);
  const loads = names.map((name, i) => `const ${name} = bytes[start + ${i}];`).join(" ");
  const body = `${loads}
  return ((${names.join(" | ") || "0"}) > 0x7f) ? undefined : String.fromCharCode(${names.join(", ")});`;
  const reader = generate<ReadAscii>(new Map(), "bytes, start", body);
  // Where code generation is disallowed.
  readers[byteLength] = reader ?? (() => undefined);
  return readers[byteLength];
}
