/** The schema of Go's `time.Time`, and the bytes of a {@link Time} in gob. */
import { CodecError } from "../errors.js";
import { readInstant, UTC_MARK, writeInstant } from "./instant.js";
import { type MarshalerSchema, marshaler } from "./marshaler.js";
import { Time } from "./time.js";

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

const isZero = (value: unknown): boolean =>
  value instanceof Time && value.isZero && value.offsetSeconds === undefined;

const TIME: MarshalerSchema<Time | Date, Time> = marshaler({
  name: "time.Time",
  encode: encodeTime,
  decode: decodeTime,
  zero: () => Time.zero,
  isZero,
});

/** Go `time.Time`. A Date is sent as a time in UTC. Decoding makes a {@link Time}. */
export const time = (): MarshalerSchema<Time | Date, Time> => TIME;
