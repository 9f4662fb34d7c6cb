/** The three forms of the timestamp extension. */
import { CodecError } from "../errors.js";
import type { Instant } from "../schema/instant.js";

const TWO_POW_34 = 1n << 34n;

/** A time in a value without a schema. A Date would lose the nanoseconds. */
export class Timestamp implements Instant {
  /** Seconds since 1970 in UTC; negative before. */
  readonly unixSeconds: bigint;
  /** 0 to 999 999 999, added to the seconds also where those are negative. */
  readonly nanoseconds: number;

  /** A time zone is not kept: msgpack has none. */
  constructor({ unixSeconds, nanoseconds }: Instant) {
    this.unixSeconds = unixSeconds;
    this.nanoseconds = nanoseconds;
  }
}

/** [NETRPC-20] The content of the extension: 4, 8 or 12 bytes, the shortest form that holds the time. */
export function encodeTimestamp({ unixSeconds, nanoseconds }: Instant): Uint8Array {
  const isShort = unixSeconds >= 0n && unixSeconds < TWO_POW_34;
  const length = !isShort ? 12 : nanoseconds === 0 && unixSeconds < 2n ** 32n ? 4 : 8;
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  if (length === 4) view.setUint32(0, Number(unixSeconds));
  else if (length === 8) view.setBigUint64(0, (BigInt(nanoseconds) << 34n) | unixSeconds);
  else {
    view.setUint32(0, nanoseconds);
    view.setBigInt64(4, unixSeconds);
  }
  return bytes;
}

/** [NETRPC-20] Undefined for another length. @throws CodecError `corrupt` past 999 999 999 nanoseconds. */
export function decodeTimestamp(bytes: Uint8Array): Timestamp | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length === 4) return checked(BigInt(view.getUint32(0)), 0);
  if (bytes.length === 8) {
    const both = view.getBigUint64(0);
    return checked(both % TWO_POW_34, Number(both / TWO_POW_34));
  }
  return bytes.length === 12 ? checked(view.getBigInt64(4), view.getUint32(0)) : undefined;
}

function checked(unixSeconds: bigint, nanoseconds: number): Timestamp {
  if (nanoseconds < 1_000_000_000) return new Timestamp({ unixSeconds, nanoseconds });
  throw new CodecError("corrupt", `timestamp with ${nanoseconds} nanoseconds`);
}
