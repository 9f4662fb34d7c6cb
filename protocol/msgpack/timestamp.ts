/** The three forms of the timestamp extension, which have no zone. */
import { CodecError } from "../errors.js";
import type { Instant } from "../schema/instant.js";
import { Time } from "../schema/time.js";

const TWO_POW_34 = 1n << 34n;

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

/** [NETRPC-20] Undefined for another length. @throws CodecError `corrupt` for no time. */
export function decodeTimestamp(bytes: Uint8Array): Time | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length === 4) return checked(BigInt(view.getUint32(0)), 0);
  if (bytes.length === 8) {
    const both = view.getBigUint64(0);
    return checked(both % TWO_POW_34, Number(both / TWO_POW_34));
  }
  return bytes.length === 12 ? checked(view.getBigInt64(4), view.getUint32(0)) : undefined;
}

/** @throws where a Go time cannot be so far away. */
function checked(unixSeconds: bigint, nanoseconds: number): Time {
  try {
    return new Time({ unixSeconds, nanoseconds });
  } catch (cause) {
    throw new CodecError("corrupt", (cause as Error).message, { cause });
  }
}
