/** Texts in JSON that differ from JavaScript's own: float32 and times, as Go's encoding/json writes them. */
import { fail } from "../schema/failure.js";
import type { Instant } from "../schema/instant.js";
import { formatRfc3339 } from "../schema/rfc3339.js";

/** Digits that tell every float32 from its neighbours. */
const MAX_FLOAT32_DIGITS = 9;

/** The shortest text that means this float32: `0.1`, where the equal double prints as `0.10000000149011612`. */
export function float32Text(value: number): string {
  for (let digits = 1; digits < MAX_FLOAT32_DIGITS; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return String(short);
  }
  return String(Number(value.toPrecision(MAX_FLOAT32_DIGITS)));
}

const FIRST_SECOND = -62_167_219_200n;
const LAST_SECOND = 253_402_300_799n;

/** As Go's `Time.MarshalJSON`, which is strict about what RFC 3339 can say. */
export function timeText(instant: Instant): string {
  const { unixSeconds, offsetSeconds = 0 } = instant;
  const local = unixSeconds + BigInt(offsetSeconds);
  if (local < FIRST_SECOND || local > LAST_SECOND) {
    fail("out-of-range", "Time.MarshalJSON: year outside of range [0,9999]");
  }
  if (Math.abs(offsetSeconds) >= 86_400) {
    fail("out-of-range", "Time.MarshalJSON: timezone hour outside of range [0,23]");
  }
  return formatRfc3339(instant);
}
