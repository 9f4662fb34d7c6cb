/**
 * The part of DER (ITU-T X.690) that is needed to write a certificate. A value is its tag, its length and its
 * content. Node reads certificates.
 */

/** The tags of X.690 that a certificate uses. */
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

/**
 * One value. Its content must be shorter than 64 KiB.
 *
 * @param tag - of {@link TAG}, or a context tag such as 0xa0.
 * @param contents - are joined.
 */
export function der(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const byteLength = contents.reduce((sum, content) => sum + content.length, 0);
  return Buffer.concat([Buffer.of(tag, ...lengthBytes(byteLength)), ...contents]);
}

/** DER allows only the shortest form. */
function lengthBytes(byteLength: number): number[] {
  if (byteLength < 0x80) return [byteLength];
  if (byteLength < 0x100) return [0x81, byteLength];
  return [0x82, byteLength >> 8, byteLength & 0xff];
}

/** A SEQUENCE of values. */
export const derSequence = (...items: readonly Uint8Array[]): Buffer => der(TAG.sequence, ...items);

/** An INTEGER of zero or more, from its big-endian bytes. */
export function derInteger(bytes: Uint8Array): Buffer {
  const start = bytes.findIndex((byte) => byte !== 0);
  const digits = start < 0 ? Buffer.of(0) : bytes.subarray(start);
  // The first bit is the sign, so a zero byte goes before it.
  return digits[0]! < 0x80 ? der(TAG.integer, digits) : der(TAG.integer, Buffer.of(0), digits);
}

/**
 * A BIT STRING.
 *
 * @param unusedBits - how many bits at the end of the last byte do not count.
 */
export const derBitString = (bytes: Uint8Array, unusedBits = 0): Buffer =>
  der(TAG.bitString, Buffer.of(unusedBits), bytes);

/** A PrintableString. `text` must consist of characters that it allows. */
export const derPrintable = (text: string): Buffer =>
  der(TAG.printableString, Buffer.from(text, "latin1"));

/**
 * An OBJECT IDENTIFIER. The first two numbers share a byte; the others are written in base 128.
 *
 * @param id - such as `2.5.29.17`.
 */
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

/** A time in whole seconds. Certificates demand a year of two digits (UTCTime) before 2050, and four afterwards. */
export function derTime(timeMs: number): Buffer {
  const digits = new Date(timeMs).toISOString().replace(/\.\d+Z$|[^\d]/g, "");
  return digits < "2050"
    ? der(TAG.utcTime, Buffer.from(`${digits.slice(2)}Z`))
    : der(TAG.generalizedTime, Buffer.from(`${digits}Z`));
}
