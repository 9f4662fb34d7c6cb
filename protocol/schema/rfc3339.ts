/** Times as text: RFC 3339 with nanoseconds, as Go's `time.RFC3339Nano` prints and reads it [GOB-45]. */
import type { Instant } from "./instant.js";

const SECONDS_PER_DAY = 86_400;
/** Days from 0000-03-01 to 1970-01-01. */
const MARCH_ZERO_TO_UNIX = 719_468;
const DAYS_PER_400_YEARS = 146_097;

/** The instant in the clock of its zone: the text of a year beyond 9999 has more digits, and one before 0 a sign. */
export function formatRfc3339({ unixSeconds, nanoseconds, offsetSeconds = 0 }: Instant): string {
  const local = unixSeconds + BigInt(offsetSeconds);
  const day = floorDiv(local, BigInt(SECONDS_PER_DAY));
  const second = Number(local - day * BigInt(SECONDS_PER_DAY));
  const fraction = String(nanoseconds).padStart(9, "0").replace(/0+$/, "");
  const clock = `${pad(Math.trunc(second / 3600))}:${pad(Math.trunc(second / 60) % 60)}:${pad(second % 60)}`;
  const date = dateOf(Number(day));
  return `${date}T${clock}${fraction === "" ? "" : `.${fraction}`}${formatOffset(offsetSeconds)}`;
}

const floorDiv = (value: bigint, by: bigint): bigint => value / by - (value % by < 0n ? 1n : 0n);

const pad = (part: number, digits = 2): string => String(part).padStart(digits, "0");

/** A `Date` ends in the year 275760, and Go's times do not. Years begin in March here, so that leap days end them. */
function dateOf(unixDay: number): string {
  const days = unixDay + MARCH_ZERO_TO_UNIX;
  const era = Math.floor(days / DAYS_PER_400_YEARS);
  const dayOfEra = days - era * DAYS_PER_400_YEARS;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const march = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * march + 2) / 5) + 1;
  const month = march < 10 ? march + 3 : march - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return `${year < 0 ? "-" : ""}${pad(Math.abs(year), 4)}-${pad(month)}-${pad(day)}`;
}

/** Whole minutes. An offset of 0 is `Z`, be it UTC or not; 30 seconds west are `+00:00`, as in Go. */
function formatOffset(offsetSeconds: number): string {
  if (offsetSeconds === 0) return "Z";
  const minutes = Math.trunc(offsetSeconds / 60);
  const east = Math.abs(minutes);
  return `${minutes < 0 ? "-" : "+"}${pad(Math.trunc(east / 60))}:${pad(east % 60)}`;
}

const RFC_3339 =
  /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:[.,](\d+))?(?:Z|([+-])(\d\d):(\d\d))$/;

/**
 * Undefined for a text that is not a time. Digits past the ninth of a second are dropped, as in Go. `Z` is UTC, and
 * `+00:00` is a zone at offset 0.
 */
export function parseRfc3339(text: string): Instant | undefined {
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
  const [fraction = "", sign, hours = "0", minutes = "0"] = match.slice(7) as (
    | string
    | undefined
  )[];
  if (Number(hours) > 23 || Number(minutes) > 59) return undefined;
  const offset = (Number(hours) * 60 + Number(minutes)) * 60 * (sign === "-" ? -1 : 1);
  return {
    unixSeconds: BigInt(date.getTime() / 1000 - offset),
    nanoseconds: Number(fraction.slice(0, 9).padEnd(9, "0")),
    offsetSeconds: sign === undefined ? undefined : offset + 0,
  };
}
