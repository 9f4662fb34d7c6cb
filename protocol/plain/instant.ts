/**
 * A point in time as the formats without Go types write it. Schemas hand times over as the bytes of
 * Go's `Time.MarshalBinary` [GOB-34]; here they are taken apart and put together.
 */
export interface Instant {
  readonly unixSeconds: bigint;
  /** 0 to 999 999 999. */
  readonly nanoseconds: number;
  /** Seconds east of Greenwich; undefined for UTC. */
  readonly offsetSeconds?: number | undefined;
}

/** Seconds from 0001-01-01 to 1970. */
const YEAR_ONE_TO_UNIX = 62_135_596_800n;
const UTC_MARK = -1;

/** @param bytes - 15 or 16, as a schema's encoder gives them. */
export function readInstant(bytes: Uint8Array): Instant {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const minutes = view.getInt16(13);
  const seconds = bytes.length === 16 ? view.getInt8(15) : 0;
  return {
    unixSeconds: view.getBigInt64(1) - YEAR_ONE_TO_UNIX,
    nanoseconds: view.getInt32(9),
    offsetSeconds: minutes === UTC_MARK ? undefined : 60 * minutes + seconds,
  };
}

/** The 15 bytes; offsets of JSON are whole minutes. */
export function writeInstant({ unixSeconds, nanoseconds, offsetSeconds }: Instant): Uint8Array {
  const bytes = new Uint8Array(15);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, 1);
  view.setBigInt64(1, unixSeconds + YEAR_ONE_TO_UNIX);
  view.setInt32(9, nanoseconds);
  view.setInt16(13, offsetSeconds === undefined ? UTC_MARK : offsetSeconds / 60);
  return bytes;
}
