/** A reader of DER that is independent of lib/tls, for the certificates that lib/tls writes. */

/** A DER value. A constructed one has items, any other a value. */
export interface DerValue {
  readonly tag: number;
  readonly items: readonly DerValue[];
  /** The content in hex. */
  readonly value: string;
}

/** Reads one value that fills `bytes`. */
export function readDer(bytes: Buffer): DerValue {
  const [value, ...rest] = readAll(bytes);
  if (value === undefined || rest.length > 0) throw new Error("want one DER value");
  return value;
}

function readAll(bytes: Buffer): DerValue[] {
  const values: DerValue[] = [];
  for (let at = 0; at < bytes.length; ) {
    const tag = bytes[at++]!;
    let length = bytes[at++]!;
    if (length > 0x7f) {
      const size = length & 0x7f;
      length = bytes.readUIntBE(at, size);
      at += size;
    }
    const content = bytes.subarray(at, at + length);
    if (content.length < length) throw new Error("truncated DER");
    at += length;
    const isConstructed = (tag & 0x20) !== 0;
    values.push({
      tag,
      items: isConstructed ? readAll(content) : [],
      value: content.toString("hex"),
    });
  }
  return values;
}

/** The milliseconds since 1970 of a UTCTime, whose year has two digits, or of a GeneralizedTime, whose year has four. */
export function derTimeMs({ tag, value }: DerValue): number {
  const text = Buffer.from(value, "hex").toString();
  const digits = tag === 0x17 ? `20${text}` : text;
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(digits) ?? [];
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}
