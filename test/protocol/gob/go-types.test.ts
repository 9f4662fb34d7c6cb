/** Go's own types: times, big numbers, addresses, UUIDs, JSON, errors. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  addr,
  basicError,
  bigFloat,
  bigFloatFromNumber,
  bigFloatToNumber,
  bigInt,
  bigRat,
  duration,
  ip,
  ipNet,
  msFromNanos,
  nanosFromMs,
  rawMessage,
  Time,
  time,
  url,
  uuid,
} from "../../../protocol/gob/index.js";
import * as s from "../../../protocol/schema/index.js";
import { encode, hex, through, unhex } from "./helpers.js";

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

test("[GOB-34] bytes that are no time are refused", () => {
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
  assert.equal(value.unixNanos, 5_123_456_789n);
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

test("[GOB-35] big integers of any size survive", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 300n), max: 2n ** 300n }), (value) => {
      assert.equal(through(bigInt(), value, bigInt()), value);
    }),
  );
  assert.equal(bigInt().decode(unhex("")), 0n);
  assert.equal(hex(bigInt().encode(0n)), "02");
  assert.throws(
    () => bigInt().decode(unhex("06")),
    /Int\.GobDecode: encoding version 3 not supported/,
  );
  assert.throws(() => encode(bigInt(), 5 as never), /want a bigint/);
});

test("[GOB-16] a nil pointer to a big number has a form outside struct fields", () => {
  const list = s.slice(s.optional(bigInt()));
  assert.deepEqual(through(list, [undefined, 5n], list), [0n, 5n]);
  const S = s.struct("S", { N: s.optional(bigInt()), Z: s.int() });
  assert.deepEqual(through(S, { Z: 1 }, S), { Z: 1 });
  const V = s.struct("S", { N: bigInt(), Z: s.int() });
  assert.deepEqual(through(V, { N: 0n, Z: 1 }, V), { N: 0n, Z: 1 });
  assert.deepEqual(through(S, { Z: 1 }, V), { N: 0n, Z: 1 });
});

test("[GOB-35] fractions survive", () => {
  const value = { num: -3n, den: 7n };
  assert.deepEqual(through(bigRat(), value, bigRat()), value);
  assert.deepEqual(bigRat().decode(unhex("0200000000")), { num: 0n, den: 1n });
  assert.deepEqual(bigRat().decode(unhex("")), { num: 0n, den: 1n });
  const Rats = s.struct("S", { R: bigRat(), N: s.int() });
  assert.deepEqual(through(s.struct("S", { N: s.int() }), { N: 1 }, Rats).R, { num: 0n, den: 1n });
  for (const bytes of ["02", "0200000009", "02000000010100"]) {
    assert.throws(() => bigRat().decode(unhex(bytes)), { code: "corrupt" }, bytes);
  }
  for (const wrong of [
    { num: 1n, den: 0n },
    { num: 1, den: 1n },
    { num: 1n, den: 1 },
  ]) {
    assert.throws(() => encode(bigRat(), wrong as never), { code: "bad-value" });
  }
});

test("[GOB-35] every double survives as big.Float", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true }), (value) => {
      const out = through(bigFloat(), value, bigFloat());
      assert.ok(Object.is(bigFloatToNumber(out), value), `${value}`);
    }),
  );
  for (const value of [0, -0, 1.5, -1.5, Number.MIN_VALUE, Number.MAX_VALUE, Infinity, -Infinity]) {
    assert.ok(Object.is(bigFloatToNumber(bigFloatFromNumber(value)), value), `${value}`);
  }
  assert.throws(() => bigFloatFromNumber(Number.NaN), { code: "bad-value" });
});

test("[GOB-35] a big.Float keeps what a double cannot hold", () => {
  const value = {
    form: "finite" as const,
    isNegative: true,
    mantissa: (2n ** 63n + 1n) * 2n ** 64n + 5n,
    exponent: 3,
    precision: 128,
    mode: 2,
    accuracy: -1,
  };
  assert.deepEqual(through(bigFloat(), value, bigFloat()), value);
  assert.equal(bigFloatToNumber(value), -4);
  assert.equal(bigFloatToNumber({ ...value, exponent: 5000 }), Number.NEGATIVE_INFINITY);
  assert.ok(Object.is(bigFloatToNumber({ ...value, exponent: -5000 }), -0));
  const S = s.struct("S", { F: bigFloat(), N: s.int() });
  assert.equal(through(s.struct("S", { N: s.int() }), { N: 1 }, S).F.form, "zero");
});

test("[GOB-35] bytes that are no big.Float are refused, and values that are none", () => {
  for (const bytes of [
    "01",
    "020a00000035",
    "010e00000035",
    "010a0000003500000001",
    "010a00000035000000014000000000000000",
    "010a0000003500000001c00000000000000000",
  ]) {
    assert.throws(() => bigFloat().decode(unhex(bytes)), { code: "corrupt" }, bytes);
  }
  assert.equal(bigFloat().decode(unhex("")).form, "zero");
  const one = bigFloatFromNumber(1);
  assert.throws(() => encode(bigFloat(), { ...one, mantissa: 5n }), { code: "bad-value" });
  assert.throws(() => encode(bigFloat(), { ...one, form: "x" as never }), { code: "bad-value" });
});

test("[GOB-36] addresses are texts", () => {
  const texts = [
    "1.2.3.4",
    "::",
    "::1",
    "1::",
    "2001:db8::1:0:0:1",
    "2001:db8:0:1:1:1:1:1",
    "1:0:0:2::3",
    "fe80::1",
    "",
  ];
  for (const text of texts) assert.equal(through(ip(), text, ip()), text, text);
  assert.equal(through(ip(), unhex("01020304"), ip()), "1.2.3.4");
  assert.equal(through(ip(), "::ffff:1.2.3.4", ip()), "1.2.3.4");
  assert.equal(through(ip(), "64:ff9b::1.2.3.4", ip()), "64:ff9b::102:304");
  for (const wrong of [
    "1.2.3",
    "1.2.3.256",
    "01.2.3.4",
    "1:2",
    ":::",
    "1::2::3",
    "g::",
    "12345::",
    "1:2:3:4:5:6:7::8",
  ]) {
    assert.throws(
      () => encode(ip(), wrong),
      { code: "bad-value", message: /not an IP address/ },
      wrong,
    );
  }
  assert.throws(() => through(s.named("net.IP", s.bytes()), unhex("010203"), ip()), {
    code: "corrupt",
  });
  const net = { IP: "10.0.0.0", Mask: unhex("ff000000") };
  assert.deepEqual(through(ipNet(), net, ipNet()), net);
});

test("[GOB-36] netip addresses have zones", () => {
  for (const text of ["1.2.3.4", "::1", "fe80::1%eth0", "::ffff:1.2.3.4", ""]) {
    assert.equal(through(addr(), text, addr()), text, text);
  }
  assert.equal(hex(addr().encode("1.2.3.4")), "01020304");
  const S = s.struct("S", { A: addr(), N: s.int() });
  assert.deepEqual(through(S, { A: "", N: 1 }, S), { A: "", N: 1 });
});

test("[GOB-36] urls are texts as they are", () => {
  assert.equal(through(url(), "http://x", url()), "http://x");
  assert.equal(through(url(), new URL("http://x"), url()), "http://x/");
  const S = s.struct("S", { U: s.optional(url()), V: url(), N: s.int() });
  assert.deepEqual(through(s.struct("S", { N: s.int() }), { N: 1 }, S), { V: "", N: 1 });
});

test("[GOB-36] UUIDs are texts", () => {
  const id = "00010203-0405-0607-0809-0a0b0c0d0e0f";
  assert.equal(through(uuid(), id, uuid()), id);
  assert.equal(through(uuid(), id.toUpperCase(), uuid()), id);
  assert.equal(uuid("a.UUID"), uuid("a.UUID"));
  const zero = "00000000-0000-0000-0000-000000000000";
  const S = s.struct("S", { ID: uuid(), N: s.int() });
  assert.deepEqual(through(S, { ID: zero, N: 1 }, S), { ID: zero, N: 1 });
  assert.equal(encode(S, { ID: zero, N: 1 }).length, encode(S, { ID: id, N: 1 }).length - 18);
  assert.throws(() => encode(uuid(), "no"), { code: "bad-value", message: /not a UUID: "no"/ });
  assert.throws(() => uuid().decode(unhex("01")), { code: "corrupt" });
});

test("JSON in bytes is a value", () => {
  const value = { a: [1, null, "x"] };
  assert.deepEqual(through(rawMessage(), value, rawMessage()), value);
  assert.equal(
    Buffer.from(through(rawMessage(), value, s.bytes())).toString(),
    '{"a":[1,null,"x"]}',
  );
  assert.equal(through(rawMessage(), undefined, rawMessage()), undefined);
  assert.equal(through(rawMessage(), null, rawMessage()), null);
  assert.throws(() => encode(rawMessage(), () => 1), { code: "bad-value" });
  assert.throws(() => through(s.bytes(), unhex("7b"), rawMessage()), { code: "codec-failed" });
});

test("a BasicError is data in a field, and an error behind an interface", () => {
  const Reply = s.struct("Reply", { Val: s.string(), Error: s.optional(basicError()) });
  assert.deepEqual(through(Reply, { Val: "v" }, Reply), { Val: "v" });
  const failed = { Val: "", Error: { Message: "bad" } };
  assert.deepEqual(through(Reply, failed, Reply), failed);
  const bytes = Buffer.from(encode(s.any(), s.value(basicError(), { Message: "bad" })));
  assert.ok(bytes.includes("*plugin.BasicError"));
});

test("[GOB-16] marshaler types of users carry their bytes", () => {
  const version = s.marshaler({
    name: "main.Version",
    form: "binary",
    encode: (of: string) =>
      unhex(
        of
          .split(".")
          .map((part) => part.padStart(2, "0"))
          .join(""),
      ),
    decode: (bytes) => [...bytes].join("."),
    zero: () => "0",
    isZero: (of) => of === "0",
  });
  const S = s.struct("S", { V: version, P: s.optional(version), L: s.slice(version) });
  const value = { V: "1.2", P: "0", L: ["3"] };
  assert.deepEqual(through(S, value, S), value);
  assert.deepEqual(through(S, { V: "0", L: [] }, S), { V: "0", L: [] });
  const raw = s.struct("S", { V: s.opaque("main.Version", "binary"), N: s.optional(s.int()) });
  assert.deepEqual(through(S, value, raw), { V: unhex("0102") });
  assert.deepEqual(through(raw, { V: unhex("0102") }, S).V, "1.2");
  assert.deepEqual(through(raw, { V: unhex("") }, S).V, "0");
  const broken = s.marshaler({
    name: "main.B",
    encode: () => "x" as never,
    decode: () => 1,
    zero: () => 1,
  });
  assert.throws(() => encode(broken, 1), {
    code: "codec-failed",
    message: /main\.B did not encode to bytes/,
  });
});
