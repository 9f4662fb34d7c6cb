/** The twins of scalars, of simple composites, and of types in Go's library. */
import { isUtf8 } from "node:buffer";
import { addr, bigInt, bigRat, Time, time, url } from "../../protocol/gob/index.js";
import {
  type AnySchema,
  bool,
  bytes,
  complex64,
  complex128,
  float32,
  float64,
  type IntegerForm,
  int,
  int8,
  int16,
  int32,
  int64,
  optional,
  record,
  string,
  uint,
  uint8,
  uint16,
  uint32,
  uint64,
  uintptr,
} from "../../protocol/schema/index.js";

/** A schema, and how to make its values from a description. */
export interface Twin {
  readonly schema: AnySchema;
  /** The value that an encoder takes. */
  in(value: unknown): unknown;
  /** The value that a decoder returns. */
  out(value: unknown): unknown;
}

const NARROW: Readonly<Record<string, AnySchema>> = {
  bool: bool(),
  int8: int8(),
  int16: int16(),
  int32: int32(),
  uint8: uint8(),
  uint16: uint16(),
  uint32: uint32(),
  float32: float32(),
  float64: float64(),
  complex64: complex64(),
  complex128: complex128(),
  string: string(),
  bytes: bytes(),
};
const WIDE = { int, int64, uint, uint64, uintptr };

/** The twin of a predeclared type, with 64-bit integers in the given form. */
export function scalar(type: string, as: IntegerForm): Twin {
  const narrow = NARROW[type];
  if (narrow !== undefined) return { schema: narrow, in: toScalar, out: toScalar };
  const convert = (value: unknown) => toInteger(value, as);
  return { schema: WIDE[type as keyof typeof WIDE]({ as }), in: convert, out: convert };
}

function toInteger(value: unknown, as: IntegerForm): unknown {
  if (typeof value === "number") return as === "bigint" ? BigInt(value) : value;
  return BigInt((value as { int: string }).int);
}

/** [GOB-44] By Node's decoder, which reports each byte that is wrong when it gets them one by one. */
function strayText(bytes: Buffer): string {
  let text = "";
  for (let at = 0; at < bytes.length; ) {
    const length = [1, 2, 3, 4].find(
      (n) => at + n <= bytes.length && isUtf8(bytes.subarray(at, at + n)),
    );
    text +=
      length === undefined
        ? String.fromCharCode(0xdc00 | (bytes[at] as number))
        : bytes.toString("utf8", at, at + length);
    at += length ?? 1;
  }
  return text;
}

function toScalar(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const tagged = value as Record<string, unknown>;
  if ("float" in tagged) return Number(tagged.float);
  if ("string" in tagged) return strayText(Buffer.from(tagged.string as string, "hex"));
  if ("bytes" in tagged) return new Uint8Array(Buffer.from(tagged.bytes as string, "hex"));
  const [re, im] = tagged.complex as [unknown, unknown];
  return { re: toScalar(re), im: toScalar(im) };
}

/** The twin of a slice or an array. */
export function list(make: (elem: AnySchema) => AnySchema, elem: Twin): Twin {
  return {
    schema: make(elem.schema),
    in: (value) => (value as unknown[]).map((item) => elem.in(item)),
    out: (value) => (value as unknown[]).map((item) => elem.out(item)),
  };
}

/** The twin of a pointer: nil is undefined. */
export function pointer(elem: Twin): Twin {
  return {
    schema: optional(elem.schema),
    in: (value) => (value === null ? undefined : elem.in(value)),
    out: (value) => (value === null ? undefined : elem.out(value)),
  };
}

/** The entries of a map. A nil map has none. */
export const entriesOf = (value: unknown): readonly [unknown, unknown][] =>
  (value as { map: [unknown, unknown][] } | null)?.map ?? [];

/** The twin of a map with string keys: an object. */
export function records(elem: Twin): Twin {
  const convert = (face: "in" | "out") => (value: unknown) => {
    const entries = entriesOf(value).map(([key, item]) => [toScalar(key), elem[face](item)]);
    return Object.setPrototypeOf(Object.fromEntries(entries), null);
  };
  return { schema: record(elem.schema), in: convert("in"), out: convert("out") };
}

/** Types of Go's library that this library has schemas for, with values made from what Go prints. */
export const OWN: Readonly<Record<string, { schema: AnySchema; of(text: string): unknown }>> = {
  "time.Time": { schema: time(), of: parseTime },
  "big.Int": { schema: bigInt(), of: BigInt },
  "big.Rat": { schema: bigRat(), of: parseRat },
  "netip.Addr": { schema: addr(), of: (text) => (text === "invalid IP" ? "" : text) },
  "url.URL": { schema: url(), of: (text) => text },
};

function parseTime(text: string): Time {
  const [, seconds, fraction = "", sign, hours, minutes] =
    /^(.*?)(?:\.(\d+))?(?:Z|([+-])(\d\d):(\d\d))$/.exec(text) as string[];
  const east =
    sign === undefined ? undefined : Number(`${sign}${Number(hours) * 60 + Number(minutes)}`) * 60;
  return new Time({
    unixSeconds: BigInt(Date.parse(`${seconds}Z`) / 1000 - (east ?? 0)),
    nanoseconds: Number(fraction.padEnd(9, "0")),
    offsetSeconds: east,
  });
}

function parseRat(text: string) {
  const [num = "", den = ""] = text.split("/");
  return { num: BigInt(num), den: BigInt(den) };
}
