/**
 * Just enough of DER to write a certificate, and nothing to read one: a value is its tag, its length
 * and its content (ITU-T X.690).
 */

export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectId: 0x06,
  printableString: 0x13,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** One value. `tag` may also be a context tag, such as 0xa0. Contents under 64 KiB. */
export function der(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const byteLength = contents.reduce((sum, content) => sum + content.length, 0);
  return Buffer.concat([Buffer.of(tag, ...lengthBytes(byteLength)), ...contents]);
}

/** The shortest form is the only one. */
function lengthBytes(byteLength: number): number[] {
  if (byteLength < 0x80) return [byteLength];
  if (byteLength < 0x100) return [0x81, byteLength];
  return [0x82, byteLength >> 8, byteLength & 0xff];
}

export const derSequence = (...items: readonly Uint8Array[]): Buffer => der(TAG.sequence, ...items);

/** A number that is not negative, from its big-endian bytes. */
export function derInteger(bytes: Uint8Array): Buffer {
  const start = bytes.findIndex((byte) => byte !== 0);
  const digits = start < 0 ? Buffer.of(0) : bytes.subarray(start);
  // The first bit is the sign.
  return digits[0]! < 0x80 ? der(TAG.integer, digits) : der(TAG.integer, Buffer.of(0), digits);
}

/** @param unusedBits - how many bits at the end of the last byte do not count. */
export const derBitString = (bytes: Uint8Array, unusedBits = 0): Buffer =>
  der(TAG.bitString, Buffer.of(unusedBits), bytes);

export const derPrintable = (text: string): Buffer =>
  der(TAG.printableString, Buffer.from(text, "latin1"));

/** @param id - `2.5.29.17`: the first two numbers share a byte, the others are in base 128. */
export function derObjectId(id: string): Buffer {
  const [first, second, ...rest] = id.split(".").map(Number);
  const bytes = [first! * 40 + second!];
  for (const number of rest) {
    const digits = [number & 0x7f];
    for (let left = number >>> 7; left > 0; left >>>= 7) digits.unshift((left & 0x7f) | 0x80);
    bytes.push(...digits);
  }
  return der(TAG.objectId, Buffer.from(bytes));
}

/** In whole seconds; with a year of two digits before 2050, as certificates want it. */
export function derTime(timeMs: number): Buffer {
  const digits = new Date(timeMs).toISOString().replace(/\.\d+Z$|[^\d]/g, "");
  return digits < "2050"
    ? der(TAG.utcTime, Buffer.from(`${digits.slice(2)}Z`))
    : der(TAG.generalizedTime, Buffer.from(`${digits}Z`));
}
