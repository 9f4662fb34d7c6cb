/**
 * Bytes that are not UTF-8, in a JavaScript string [GOB-44]. Each becomes a lone surrogate, U+DC80 to U+DCFF, whose low
 * eight bits are the byte, and is written back as that byte. No UTF-8 decodes to a lone surrogate, so every sequence
 * of bytes has a text of its own. Python calls this `surrogateescape` (PEP 383).
 */

/** The first of the surrogates that stand for bytes; the byte is added. */
const STRAY = 0xdc00;
const FIRST_STRAY = 0xdc80;
const LAST_STRAY = 0xdcff;

/** The text of bytes of which some are not UTF-8. */
export function readStrayBytes(bytes: Buffer, start: number, end: number): string {
  // Code units as little-endian pairs: no text has more of them than bytes.
  const units = Buffer.alloc(2 * (end - start));
  let length = 0;
  const push = (unit: number) => {
    units[length++] = unit & 0xff;
    units[length++] = unit >> 8;
  };
  for (let at = start; at < end; ) {
    const byteLength = sequenceLength(bytes, at, end);
    if (byteLength === 0) push(STRAY | (bytes[at++] as number));
    else {
      const point = codePoint(bytes, at, byteLength);
      if (point < 0x1_0000) push(point);
      else {
        push(0xd800 + ((point - 0x1_0000) >> 10));
        push(0xdc00 + (point & 0x3ff));
      }
      at += byteLength;
    }
  }
  return units.toString("utf16le", 0, length);
}

/** The bytes of a text. A lone surrogate that stands for no byte becomes U+FFFD. */
export function writeStrayBytes(text: string): Uint8Array {
  // A code unit takes three bytes at most.
  const bytes = Buffer.alloc(3 * text.length);
  let length = 0;
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0xd800 && unit < 0xdc00 && isLow(text.charCodeAt(i + 1))) i++;
    else if (unit >= FIRST_STRAY && unit <= LAST_STRAY) {
      length += bytes.write(text.slice(from, i), length);
      bytes[length++] = unit & 0xff;
      from = i + 1;
    }
  }
  length += bytes.write(text.slice(from), length);
  return new Uint8Array(bytes.subarray(0, length));
}

const isLow = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;

/** Bytes of the UTF-8 sequence at `at`; 0 if there is none, as for a surrogate or a form that is too long. */
function sequenceLength(bytes: Buffer, at: number, end: number): number {
  const first = bytes[at] as number;
  if (first < 0x80) return 1;
  const byteLength = first < 0xc2 || first > 0xf4 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if (byteLength === 0 || at + byteLength > end) return 0;
  for (let i = 1; i < byteLength; i++) {
    if (((bytes[at + i] as number) & 0xc0) !== 0x80) return 0;
  }
  const second = bytes[at + 1] as number;
  const [min, max] = SECOND[first] ?? [0x80, 0xbf];
  return second >= min && second <= max ? byteLength : 0;
}

/** The second byte behind these first bytes: the others would be too long, surrogates, or beyond U+10FFFF. */
const SECOND: Readonly<Record<number, readonly [min: number, max: number]>> = {
  224: [0xa0, 0xbf],
  237: [0x80, 0x9f],
  240: [0x90, 0xbf],
  244: [0x80, 0x8f],
};

function codePoint(bytes: Buffer, at: number, byteLength: number): number {
  const first = bytes[at] as number;
  if (byteLength === 1) return first;
  let point = first & (0xff >> (byteLength + 1));
  for (let i = 1; i < byteLength; i++) point = (point << 6) | ((bytes[at + i] as number) & 0x3f);
  return point;
}
