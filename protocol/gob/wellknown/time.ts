import { CodecError } from "../../errors.js";
import { type MarshalerSchema, marshaler } from "../../schema/index.js";
import {
  formatInstant,
  readInstant,
  UTC_MARK,
  writeInstant,
  YEAR_ONE_TO_UNIX,
} from "../../schema/instant.js";

const NANOS_PER_SECOND = 1_000_000_000;
/** What a JavaScript Date can hold, in milliseconds around 1970. */
const MAX_DATE_MS = 8.64e15;

export interface TimeFields {
  readonly unixSeconds: bigint;
  /** 0 to 999 999 999. */
  readonly nanoseconds?: number;
  /** Seconds east of Greenwich; left away for UTC. */
  readonly offsetSeconds?: number | undefined;
}

/**
 * Go's `time.Time` as it travels: an instant to the nanosecond and the offset of its zone. Zone
 * names and monotonic readings do not travel.
 */
export class Time {
  readonly unixSeconds: bigint;
  readonly nanoseconds: number;
  /** Seconds east of Greenwich; undefined is UTC, which Go tells from a zone at offset 0. */
  readonly offsetSeconds: number | undefined;

  /** @throws CodecError `bad-value` for nanoseconds that are not 0 to 999 999 999. */
  constructor(fields: TimeFields) {
    const { unixSeconds, nanoseconds = 0, offsetSeconds } = fields;
    if (!Number.isInteger(nanoseconds) || nanoseconds < 0 || nanoseconds >= NANOS_PER_SECOND) {
      throw new CodecError("bad-value", `gob: nanoseconds are 0 to 999999999, got ${nanoseconds}`);
    }
    this.unixSeconds = unixSeconds;
    this.nanoseconds = nanoseconds;
    this.offsetSeconds = offsetSeconds;
  }

  /** A time in UTC. Go: `time.UnixMilli(…).UTC()`. @throws CodecError `bad-value`: invalid Date. */
  static fromDate(date: Date): Time {
    const ms = date.getTime();
    if (Number.isNaN(ms)) throw new CodecError("bad-value", "gob: Date is invalid");
    const seconds = Math.floor(ms / 1000);
    return new Time({
      unixSeconds: BigInt(seconds),
      nanoseconds: (ms - seconds * 1000) * 1_000_000,
    });
  }

  /** Nanoseconds since 1970. Go: `UnixNano`, but without its limit. */
  get unixNanos(): bigint {
    return this.unixSeconds * BigInt(NANOS_PER_SECOND) + BigInt(this.nanoseconds);
  }

  /** Go's zero time, 0001-01-01T00:00:00 UTC. Go: `IsZero`. */
  get isZero(): boolean {
    return this.unixSeconds === -YEAR_ONE_TO_UNIX && this.nanoseconds === 0;
  }

  /** What {@link toDate} drops of the instant: 0 to 999 999 nanoseconds. */
  get nanosBelowMs(): number {
    return this.nanoseconds % 1_000_000;
  }

  /**
   * The instant in whole milliseconds. Lost are {@link nanosBelowMs} and the offset of the zone.
   *
   * @throws CodecError `out-of-range` beyond the years that a Date can hold (±271 821).
   */
  toDate(): Date {
    const ms = this.unixSeconds * 1000n + BigInt(Math.floor(this.nanoseconds / 1_000_000));
    if (ms > BigInt(MAX_DATE_MS) || ms < -BigInt(MAX_DATE_MS)) {
      throw new CodecError("out-of-range", `gob: no Date can hold unix second ${this.unixSeconds}`);
    }
    return new Date(Number(ms));
  }

  /** RFC 3339 with nanoseconds, as Go prints it in JSON. @throws CodecError as {@link toDate}. */
  toString(): string {
    const offset = this.offsetSeconds ?? 0;
    const local = new Time({ unixSeconds: this.unixSeconds + BigInt(offset) }).toDate();
    return formatInstant(local, this);
  }

  toJSON(): string {
    return this.toString();
  }
}

/** [GOB-34] The bytes of Go's `Time.MarshalBinary`. @throws CodecError `bad-value`: an offset that Go refuses. */
export function encodeTime(value: Time | Date): Uint8Array {
  const time = value instanceof Date ? Time.fromDate(value) : value;
  if (!(time instanceof Time)) throw new CodecError("bad-value", "gob: want a Time or a Date");
  const { offsetSeconds } = time;
  const minutes = offsetSeconds === undefined ? UTC_MARK : Math.trunc(offsetSeconds / 60);
  const seconds = offsetSeconds === undefined ? 0 : offsetSeconds % 60;
  const isMarkByChance = offsetSeconds !== undefined && minutes === UTC_MARK;
  if (isMarkByChance || minutes < -32_768 || minutes > 32_767 || !Number.isInteger(seconds)) {
    const text = `gob: Time.MarshalBinary: unexpected zone offset (${offsetSeconds} seconds)`;
    throw new CodecError("bad-value", text);
  }
  return writeInstant(time);
}

/** [GOB-34] The inverse of {@link encodeTime}. @throws CodecError `corrupt`. */
export function decodeTime(bytes: Uint8Array): Time {
  const version = bytes[0];
  if (version === undefined) refuse("no data");
  if (version !== 1 && version !== 2) refuse("unsupported version");
  if (bytes.length !== 14 + version) refuse("invalid length");
  return new Time(readInstant(bytes));
}

function refuse(what: string): never {
  throw new CodecError("corrupt", `gob: Time.UnmarshalBinary: ${what}`);
}

const ZERO = new Time({ unixSeconds: -YEAR_ONE_TO_UNIX });

const TIME: MarshalerSchema<Time | Date, Time> = marshaler({
  name: "time.Time",
  encode: encodeTime,
  decode: decodeTime,
  zero: () => ZERO,
  isZero: (value) => value instanceof Time && value.isZero && value.offsetSeconds === undefined,
});

/** Go `time.Time`. A Date is sent as a time in UTC; what arrives is a {@link Time}. */
export const time = (): MarshalerSchema<Time | Date, Time> => TIME;
