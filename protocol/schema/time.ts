/** Go's `time.Time` as an object: to the nanosecond, which a Date is not. All formats decode times to it. */
import { CodecError } from "../errors.js";
import { type Instant, YEAR_ONE_TO_UNIX } from "./instant.js";
import { formatRfc3339, parseRfc3339 } from "./rfc3339.js";

const NANOS_PER_SECOND = 1_000_000_000n;
const NANOS_PER_MILLI = 1_000_000;
/** The range of a JavaScript Date, in milliseconds on either side of 1970. */
const MAX_DATE_MS = 8.64e15;

/** The parts of a {@link Time}. */
export interface TimeFields {
  /** Whole seconds since 1970, rounded down. */
  readonly unixSeconds: bigint;
  /** 0 to 999 999 999, to be added to the seconds. Default 0. */
  readonly nanoseconds?: number;
  /** Seconds east of Greenwich. Left out for UTC. */
  readonly offsetSeconds?: number | undefined;
}

/**
 * A Go `time.Time`: an instant to the nanosecond, and the offset of its zone. Go does not send the zone's name, nor the
 * reading of its monotonic clock. A time does not change: methods return another one. Durations are nanoseconds, as those
 * of `duration()`.
 */
export class Time implements Instant {
  /** Go's zero time, 0001-01-01T00:00:00 UTC. Go: `time.Time{}`. */
  static readonly zero: Time = new Time({ unixSeconds: -YEAR_ONE_TO_UNIX });

  /** Whole seconds since 1970, rounded down. Go: `Unix`. */
  readonly unixSeconds: bigint;
  /** 0 to 999 999 999, to be added to the seconds. Go: `Nanosecond`. */
  readonly nanoseconds: number;
  /** Seconds east of Greenwich. Undefined is UTC, which Go tells from a zone whose offset is 0. */
  readonly offsetSeconds: number | undefined;

  /**
   * @throws CodecError `bad-value` for nanoseconds that are not 0 to 999 999 999; `out-of-range` for seconds that Go's
   *   int64 cannot count from the year 1.
   */
  constructor(fields: TimeFields) {
    const { unixSeconds, nanoseconds = 0, offsetSeconds } = fields;
    if (!Number.isInteger(nanoseconds) || nanoseconds < 0 || nanoseconds >= 1e9) {
      throw new CodecError("bad-value", `time: nanoseconds are 0 to 999999999, got ${nanoseconds}`);
    }
    const sinceYearOne = unixSeconds + YEAR_ONE_TO_UNIX;
    if (BigInt.asIntN(64, sinceYearOne) !== sinceYearOne) {
      throw new CodecError("out-of-range", `time: unix second ${unixSeconds} is beyond Go's times`);
    }
    this.unixSeconds = unixSeconds;
    this.nanoseconds = nanoseconds;
    this.offsetSeconds = offsetSeconds;
  }

  /** A time in UTC. Go: `time.Unix(0, nanos).UTC()`, for numbers of any size. @throws CodecError `out-of-range`. */
  static fromUnixNano(nanos: bigint): Time {
    return fromNanos(nanos, undefined);
  }

  /** A time in UTC. Go: `time.UnixMilli(ms).UTC()`. @throws CodecError `bad-value` for a fraction. */
  static fromUnixMilli(ms: number | bigint): Time {
    if (typeof ms === "number" && !Number.isInteger(ms)) {
      throw new CodecError("bad-value", `time: want whole milliseconds, got ${ms}`);
    }
    return fromNanos(BigInt(ms) * BigInt(NANOS_PER_MILLI), undefined);
  }

  /** A time in UTC. Go: `time.UnixMilli(…).UTC()`. @throws CodecError `bad-value` for an invalid Date. */
  static fromDate(date: Date): Time {
    const ms = date.getTime();
    if (Number.isNaN(ms)) throw new CodecError("bad-value", "time: Date is invalid");
    return Time.fromUnixMilli(ms);
  }

  /**
   * The time that a text in RFC 3339 says, with nanoseconds and offset. `Z` is UTC. Digits past the ninth of a second are
   * dropped.
   *
   * @throws CodecError `bad-value` for another text, such as one without a zone. Go: `time.Parse(time.RFC3339Nano, text)`.
   */
  static parse(text: string): Time {
    const instant = parseRfc3339(text);
    if (instant !== undefined) return new Time(instant);
    const shown = JSON.stringify(String(text).slice(0, 60));
    throw new CodecError("bad-value", `time: ${shown} is no time in RFC 3339`);
  }

  /** Nanoseconds since 1970. Go: `UnixNano`, which is limited to 64 bits. */
  get unixNano(): bigint {
    return this.unixSeconds * NANOS_PER_SECOND + BigInt(this.nanoseconds);
  }

  /** Whole milliseconds since 1970, rounded down; inexact beyond 2^53. Go: `UnixMilli`. */
  get unixMilli(): number {
    return Number(this.unixSeconds) * 1000 + Math.floor(this.nanoseconds / NANOS_PER_MILLI);
  }

  /** Whether it is the instant of {@link Time.zero}, in any zone. Go: `IsZero`. */
  get isZero(): boolean {
    return this.equal(Time.zero);
  }

  /** The nanoseconds that {@link toDate} drops: 0 to 999 999. */
  get nanosBelowMs(): number {
    return this.nanoseconds % NANOS_PER_MILLI;
  }

  /** The time so many nanoseconds later, in the same zone. Go: `Add`. @throws CodecError `out-of-range`. */
  add(nanos: bigint): Time {
    return fromNanos(this.unixNano + nanos, this.offsetSeconds);
  }

  /** The nanoseconds from `other` to this time. Go: `Sub`, which is limited to 64 bits. */
  sub(other: Time): bigint {
    return this.unixNano - other.unixNano;
  }

  /** Whether both are the same instant, whatever their zones. Go: `Equal`. */
  equal(other: Time): boolean {
    return this.unixSeconds === other.unixSeconds && this.nanoseconds === other.nanoseconds;
  }

  /** -1 if this instant is before `other`, 1 if it is after, 0 if they are the same. Go: `Compare`. */
  compare(other: Time): -1 | 0 | 1 {
    if (this.equal(other)) return 0;
    return this.before(other) ? -1 : 1;
  }

  /** Go: `Before`. */
  before(other: Time): boolean {
    if (this.unixSeconds !== other.unixSeconds) return this.unixSeconds < other.unixSeconds;
    return this.nanoseconds < other.nanoseconds;
  }

  /** Go: `After`. */
  after(other: Time): boolean {
    return other.before(this);
  }

  /** The same instant in UTC. Go: `UTC`. */
  utc(): Time {
    return this.in(undefined);
  }

  /** The same instant in the zone at this offset, in seconds east of Greenwich; undefined for UTC. Go: `In`. */
  in(offsetSeconds: number | undefined): Time {
    const { unixSeconds, nanoseconds } = this;
    return new Time({ unixSeconds, nanoseconds, offsetSeconds });
  }

  /**
   * The instant in whole milliseconds. {@link nanosBelowMs} and the offset of the zone are lost.
   *
   * @throws CodecError `out-of-range` beyond the years that a Date can hold (±271 821).
   */
  toDate(): Date {
    const ms = this.unixMilli;
    if (Math.abs(ms) > MAX_DATE_MS) {
      const text = `time: no Date can hold unix second ${this.unixSeconds}`;
      throw new CodecError("out-of-range", text);
    }
    return new Date(ms);
  }

  /** The time as text, in RFC 3339 with nanoseconds. Go: `Format(time.RFC3339Nano)`. */
  toString(): string {
    return formatRfc3339(this);
  }

  /** As {@link toString}. */
  toJSON(): string {
    return this.toString();
  }
}

function fromNanos(nanos: bigint, offsetSeconds: number | undefined): Time {
  const below = BigInt(nanos) % NANOS_PER_SECOND;
  const rest = below < 0n ? below + NANOS_PER_SECOND : below;
  const unixSeconds = (nanos - rest) / NANOS_PER_SECOND;
  return new Time({ unixSeconds, nanoseconds: Number(rest), offsetSeconds });
}
