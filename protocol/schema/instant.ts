/**
 * Go's `time.Time` apart from any codec: its parts, and the bytes of its `MarshalBinary` [GOB-34]. A schema passes a time
 * to every codec as those bytes.
 */

/** A point in time to the nanosecond, with the offset of a zone. */
export interface Instant {
  /** Whole seconds since 1970. */
  readonly unixSeconds: bigint;
  /** 0 to 999 999 999. */
  readonly nanoseconds: number;
  /** Seconds east of Greenwich; undefined for UTC, which Go tells from a zone at offset 0. */
  readonly offsetSeconds?: number | undefined;
}

/** Seconds from Go's zero time, 0001-01-01T00:00:00 UTC, to 1970. */
export const YEAR_ONE_TO_UNIX = 62_135_596_800n;
/** The offset in minutes that means UTC. */
export const UTC_MARK = -1;

// The layout: version, seconds since year 1, nanoseconds, offset in minutes. Version 2 adds the offset's seconds.
const SECONDS_AT = 1;
const NANOSECONDS_AT = 9;
const MINUTES_AT = 13;
const OFFSET_SECONDS_AT = 15;

/**
 * The seconds of an offset are signed, which Go's own decoder gets wrong.
 *
 * @param bytes - 15 of them, or 16 in version 2.
 */
export function readInstant(bytes: Uint8Array): Instant {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const minutes = view.getInt16(MINUTES_AT);
  const seconds = bytes.length > OFFSET_SECONDS_AT ? view.getInt8(OFFSET_SECONDS_AT) : 0;
  return {
    unixSeconds: view.getBigInt64(SECONDS_AT) - YEAR_ONE_TO_UNIX,
    nanoseconds: view.getInt32(NANOSECONDS_AT),
    offsetSeconds: minutes === UTC_MARK ? undefined : 60 * minutes + seconds,
  };
}

/** The shortest version that holds the offset. */
export function writeInstant({ unixSeconds, nanoseconds, offsetSeconds }: Instant): Uint8Array {
  const seconds = (offsetSeconds ?? 0) % 60;
  const version = seconds === 0 ? 1 : 2;
  const bytes = new Uint8Array(14 + version);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, version);
  view.setBigInt64(SECONDS_AT, unixSeconds + YEAR_ONE_TO_UNIX);
  view.setInt32(NANOSECONDS_AT, nanoseconds);
  view.setInt16(
    MINUTES_AT,
    offsetSeconds === undefined ? UTC_MARK : Math.trunc(offsetSeconds / 60),
  );
  if (version === 2) view.setInt8(OFFSET_SECONDS_AT, seconds);
  return bytes;
}
