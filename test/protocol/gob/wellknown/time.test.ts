/** Go's `time.Time` and `time.Duration`. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { duration, msFromNanos, nanosFromMs, Time, time } from "../../../../protocol/gob/index.js";
import * as s from "../../../../protocol/schema/index.js";
import { encode, through, unhex } from "../helpers.js";

const at = (unixSeconds: bigint, nanoseconds = 0, offsetSeconds?: number) =>
  new Time({ unixSeconds, nanoseconds, offsetSeconds });

test("[GOB-34] a time keeps nanoseconds and offset", () => {
  for (const offset of [undefined, 0, 19_800, -28_800, 3621, -3621, -59, 59, -120, 14 * 3600]) {
    const value = at(1_683_356_889n, 123_456_789, offset);
    assert.deepEqual(through(time(), value, time()), value);
  }
  const far = at(2n ** 60n, 1);
  assert.deepEqual(through(time(), far, time()), far);
});

test("[GOB-34] an offset whose minutes would mean UTC is refused, and one beyond 16 bits", () => {
  for (const offset of [-60, -61, -119, 32_768 * 60, -32_769 * 60, 0.5]) {
    assert.throws(() => encode(time(), at(0n, 0, offset)), {
      code: "bad-value",
      message: /Time\.MarshalBinary: unexpected zone offset/,
    });
  }
});

test("[GOB-34] invalid bytes of a time are refused", () => {
  const cases: [string, RegExp][] = [
    ["", /Time\.UnmarshalBinary: no data/],
    ["03000000000000000000000000ffff", /unsupported version/],
    ["0100", /invalid length/],
    ["02000000000000000000000000ffff", /invalid length/],
    ["0100000000000000003b9aca00ffff", /nanoseconds are 0 to 999999999/],
  ];
  for (const [bytes, message] of cases) {
    assert.throws(() => time().decode(unhex(bytes)), { name: "CodecError", message }, bytes);
  }
  assert.throws(() => encode(time(), "2020" as never), /want a Time or a Date/);
  assert.throws(() => encode(time(), undefined as never), /want time\.Time, got undefined/);
});

test("a time says what a Date loses", () => {
  const value = at(5n, 123_456_789, 3600);
  assert.equal(value.toDate().getTime(), 5123);
  assert.equal(value.nanosBelowMs, 456_789);
  assert.equal(value.unixNano, 5_123_456_789n);
  assert.deepEqual(Time.fromDate(new Date(-1)), at(-1n, 999_000_000));
  assert.deepEqual(through(time(), new Date(1234), time()), at(1n, 234_000_000));
  assert.throws(() => Time.fromDate(new Date(Number.NaN)), { code: "bad-value" });
  assert.throws(() => at(8_640_000_000_001n).toDate(), { code: "out-of-range" });
  assert.throws(() => at(0n, 1e9), { code: "bad-value" });
  assert.throws(() => at(0n, -1), { code: "bad-value" });
  assert.equal(value.isZero, false);
});

test("a time prints as RFC 3339", () => {
  assert.equal(String(at(0n)), "1970-01-01T00:00:00Z");
  assert.equal(String(at(0n, 120_000_000, 19_800)), "1970-01-01T05:30:00.12+05:30");
  assert.equal(
    JSON.stringify({ at: at(0n, 1, -28_800) }),
    '{"at":"1969-12-31T16:00:00.000000001-08:00"}',
  );
});

test("[GOB-45] an offset of 0 prints Z, and one of less than a minute +00:00", () => {
  assert.equal(String(at(0n, 0, 0)), "1970-01-01T00:00:00Z");
  assert.equal(String(at(0n, 0, -30)), "1969-12-31T23:59:30+00:00");
  assert.equal(String(at(0n, 0, 30)), "1970-01-01T00:00:30+00:00");
  assert.equal(String(at(2n ** 50n)), "35680317-09-25T18:57:04Z");
});

test("times are made of numbers and texts, and turned into them", () => {
  assert.deepEqual(Time.fromUnixNano(-1n), at(-1n, 999_999_999));
  assert.deepEqual(Time.fromUnixNano(1_500_000_001n), at(1n, 500_000_001));
  assert.equal(Time.fromUnixNano(-(10n ** 18n)).unixNano, -(10n ** 18n));
  assert.deepEqual(Time.fromUnixMilli(-1), at(-1n, 999_000_000));
  assert.deepEqual(Time.fromUnixMilli(1500n), at(1n, 500_000_000));
  assert.equal(at(-1n, 999_999_999).unixMilli, -1);
  assert.throws(() => Time.fromUnixMilli(0.5), { code: "bad-value" });
  assert.deepEqual(Time.parse("1970-01-01T05:30:00.12+05:30"), at(0n, 120_000_000, 19_800));
  assert.equal(Time.parse("1970-01-01T00:00:00+00:00").offsetSeconds, 0);
  assert.equal(Time.parse("1970-01-01T00:00:00Z").offsetSeconds, undefined);
  assert.throws(() => Time.parse("yesterday"), { code: "bad-value", message: /"yesterday"/ });
  assert.throws(() => at(2n ** 63n), { code: "out-of-range" });
  assert.throws(() => at(-(2n ** 63n) - 1n - 62_135_596_800n), { code: "out-of-range" });
  assert.equal(at(2n ** 63n - 62_135_596_801n).isZero, false);
});

test("times are added, compared, and put into other zones", () => {
  const one = at(1n, 999_999_999, 3600);
  assert.deepEqual(one.add(1n), at(2n, 0, 3600));
  assert.deepEqual(one.add(-2_000_000_000n), at(-1n, 999_999_999, 3600));
  assert.equal(at(5n, 1).sub(at(3n, 2)), 1_999_999_999n);
  assert.deepEqual(one.in(-60), at(1n, 999_999_999, -60));
  assert.deepEqual(one.utc(), at(1n, 999_999_999));
  assert.ok(one.equal(one.utc()));
  assert.equal(one.compare(one.utc()), 0);
  assert.equal(at(1n).compare(one), -1);
  assert.equal(at(2n).compare(one), 1);
  assert.ok(at(1n).before(one) && at(2n).after(one));
  assert.ok(!one.before(one) && !one.after(one));
  assert.ok(Time.zero.isZero && Time.zero.in(60).isZero);
  assert.throws(() => at(2n ** 62n).add(2n ** 100n), { code: "out-of-range" });
});

test("[GOB-15] the zero time is left out of a struct, and a pointer to it is not", () => {
  const S = s.struct("S", { T: time(), P: s.optional(time()), N: s.int() });
  const zero = S.fields.T.zero();
  assert.ok(zero.isZero);
  assert.deepEqual(through(S, { T: zero, N: 1 }, S), { T: zero, N: 1 });
  assert.deepEqual(through(S, { T: zero, P: zero, N: 1 }, S), { T: zero, P: zero, N: 1 });
  const short = encode(S, { T: zero, N: 1 }).length;
  assert.equal(encode(S, { T: at(-62_135_596_800n, 0, 0), N: 1 }).length, short + 17);
});

test("durations are nanoseconds", () => {
  assert.equal(through(duration(), 1_500_000_000n, duration()), 1_500_000_000n);
  assert.equal(nanosFromMs(1.5), 1_500_000n);
  assert.equal(msFromNanos(1_500_001n), 1.500001);
  assert.equal(msFromNanos(-2_500_000n), -2.5);
});
