/** Go's `time.Time`. */
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

/** A Go `time.Time`: an instant to the nanosecond, and the offset of its zone. Go does not send the zone's name. */
export class Time {
  /** Whole seconds since 1970, rounded down. */
  readonly unixSeconds: bigint;
  /** 0 to 999 999 999, to be added to the seconds. */
  readonly nanoseconds: number;
  /** Seconds east of Greenwich. Undefined is UTC, which Go tells from a zone whose offset is 0. */
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

  /** A time in UTC. Go: `time.UnixMilli(…).UTC()`. @throws CodecError `bad-value` for an invalid Date. */
  static fromDate(date: Date): Time {
    const ms = date.getTime();
    if (Number.isNaN(ms)) throw new CodecError("bad-value", "gob: Date is invalid");
    const seconds = Math.floor(ms / 1000);
    return new Time({
      unixSeconds: BigInt(seconds),
      nanoseconds: (ms - seconds * 1000) * 1_000_000,
    });
  }

  /** Nanoseconds since 1970. Go: `UnixNano`, which is limited to 64 bits. */
  get unixNanos(): bigint {
    return this.unixSeconds * BigInt(NANOS_PER_SECOND) + BigInt(this.nanoseconds);
  }

  /** Go's zero time, 0001-01-01T00:00:00 UTC. Go: `IsZero`. */
  get isZero(): boolean {
    return this.unixSeconds === -YEAR_ONE_TO_UNIX && this.nanoseconds === 0;
  }

  /** The nanoseconds that {@link toDate} drops: 0 to 999 999. */
  get nanosBelowMs(): number {
    return this.nanoseconds % 1_000_000;
  }

  /**
   * The instant in whole milliseconds. {@link nanosBelowMs} and the offset of the zone are lost.
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

  /** The time as text, in RFC 3339 with nanoseconds, as Go writes it into JSON. @throws CodecError as {@link toDate}. */
  toString(): string {
    const offset = this.offsetSeconds ?? 0;
    const local = new Time({ unixSeconds: this.unixSeconds + BigInt(offset) }).toDate();
    return formatInstant(local, this);
  }

  /** As {@link toString}. */
  toJSON(): string {
    return this.toString();
  }
}

/** [GOB-34] The bytes of Go's `Time.MarshalBinary`. @throws CodecError `bad-value` for an offset that Go refuses. */
export function encodeTime(value: Time | Date): Uint8Array {
  const time = value instanceof Date ? Time.fromDate(value) : value;
  if (!(time instanceof Time)) throw new CodecError("bad-value", "gob: want a Time or a Date");
  const { offsetSeconds } = time;
  const minutes = offsetSeconds === undefined ? UTC_MARK : Math.trunc(offsetSeconds / 60);
  const seconds = offsetSeconds === undefined ? 0 : offsetSeconds % 60;
  // Minutes of -1 would be read as UTC.
  const isMistakenForUtc = offsetSeconds !== undefined && minutes === UTC_MARK;
  if (isMistakenForUtc || minutes < -32_768 || minutes > 32_767 || !Number.isInteger(seconds)) {
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

/** Go `time.Time`. A Date is sent as a time in UTC. Decoding makes a {@link Time}. */
export const time = (): MarshalerSchema<Time | Date, Time> => TIME;
