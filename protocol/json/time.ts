/** Times in JSON: RFC 3339 with nanoseconds, as encoding/json writes and reads them. */
import { fail } from "../schema/failure.js";
import { formatInstant, type Instant } from "../schema/instant.js";

const RFC_3339 =
  /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:[.,](\d+))?(?:Z|([+-])(\d\d):(\d\d))$/;
const FIRST_SECOND = -62_167_219_200n;
const LAST_SECOND = 253_402_300_799n;

/** RFC 3339 with nanoseconds, as Go's `Time.MarshalJSON`. */
export function formatTime(instant: Instant): string {
  const local = instant.unixSeconds + BigInt(instant.offsetSeconds ?? 0);
  if (local < FIRST_SECOND || local > LAST_SECOND) {
    fail("out-of-range", "Time.MarshalJSON: year outside of range [0,9999]");
  }
  return formatInstant(new Date(Number(local) * 1000), instant);
}

/** Undefined for a text that is not a time. Digits past the ninth of a second are dropped, as in Go. */
export function parseTime(text: string): Instant | undefined {
  const match = RFC_3339.exec(text);
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const date = new Date(0);
  // `Date.UTC` would take the years 0 to 99 for 1900 to 1999.
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  const isReal = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24;
  if (!isReal || minute > 59 || second > 59) return undefined;
  const [fraction = "", sign, hours, minutes] = match.slice(7) as (string | undefined)[];
  const offset = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * (sign === "-" ? -60 : 60);
  return {
    unixSeconds: BigInt(date.getTime() / 1000 - offset),
    nanoseconds: Number(fraction.slice(0, 9).padEnd(9, "0")),
    offsetSeconds: sign === undefined ? undefined : offset,
  };
}
