import { bare, numberRange } from "../../schema/known.js";
import { at } from "../failure.js";
import { generate, property } from "../generate.js";
import type { StructField } from "../type/struct-fields.js";
import type { ValueEncoder } from "./compile-encoder.js";
import type { EncodeState } from "./encode-state.js";

type Write = ValueEncoder["write"];

/** As long as a delta takes one byte. */
const MAX_FIELDS = 127;
/** A delta and the longest number. */
const MAX_FIELD_BYTES = 10;

/**
 * The code of one struct: each field in turn, the usual values of scalars at once and everything
 * else, wrong values too, through the field's encoder. Room for all scalars is reserved at the start
 * and after each call that can write more.
 *
 * @param interpret - for what is no object, to refuse it.
 */
export function generateStructWriter(
  fields: readonly StructField[],
  encoders: readonly ValueEncoder[],
  interpret: Write,
): Write | undefined {
  if (fields.length > MAX_FIELDS) return undefined;
  const captured = new Map<string, unknown>([
    ["interpret", interpret],
    ["at", at],
    ["names", fields.map((field) => `.${field.go}`)],
    ["hasOwn", Object.hasOwn],
    ["isArray", Array.isArray],
    ["isInteger", Number.isInteger],
  ]);
  for (const [i, encoder] of encoders.entries()) captured.set(`encoder${i}`, encoder);
  const reserve = `e.reserve(${MAX_FIELD_BYTES * (fields.length + 1)}); bytes = e.bytes; pos = e.pos;`;
  const body = `
  if (typeof value !== "object" || value === null || isArray(value)) return interpret(e, value);
  let field = 0, delta = 1, x, y = 0, bytes, pos;
  e.enter();
  try {
    ${reserve}
    ${fields.map((field, i) => fieldText(field, i, reserve)).join("\n    ")}
  } catch (error) {
    throw at(error, names[field]);
  }
  e.depth--;
  bytes[pos] = 0;
  e.pos = pos + 1;`;
  return generate<(e: EncodeState, value: unknown) => void>(captured, "e, value", body);
}

function fieldText(field: StructField, i: number, reserve: string): string {
  const read = property("value", field.key);
  const isInherited = field.key in Object.prototype;
  const own = `hasOwn(value, ${JSON.stringify(field.key)}) ? ${read} : undefined`;
  const slow = `{ e.pos = pos; delta = encoder${i}.writeField(e, x, delta) ? 1 : delta + 1; ${reserve} }`;
  return `field = ${i}; x = ${isInherited ? own : read}; ${usualText(field, reserve)} ${slow}`;
}

/** The usual values of a scalar, in front of the slow way; empty where there is no short form. */
function usualText(field: StructField, reserve: string): string {
  const schema = bare(field.schema);
  const send = (zero: string, test: string, write: string) =>
    `if (x === ${zero}) delta++; else ${sendIf(test, write)}`;
  const call = (write: string) => `e.pos = pos; ${write} pos = e.pos;`;
  switch (schema.kind) {
    case "bool":
      return send("false", "x === true", "bytes[pos++] = 1;");
    case "string":
      return send('""', 'typeof x === "string"', `e.pos = pos; e.string(x); ${reserve}`);
    case "float":
      // The double is what float32 rounds to, or the encoder has to look at it.
      return schema.bits === 64
        ? send("0", 'typeof x === "number"', call("e.float(x);"))
        : send("0", 'typeof x === "number" && Math.fround(x) === x', call("e.float(x);"));
    case "int":
    case "uint": {
      if (schema.as === "bigint") return "";
      const [min, max] = numberRange(schema);
      const range = `x >= ${min} && x <= ${max}`;
      const [test, bits] = WORDS[schema.kind];
      const isWord = `typeof x === "number" && ${test}${schema.bits < 32 ? ` && ${range}` : ""}`;
      const write = `y = ${bits}; if (y < 128) bytes[pos++] = y; else { ${call("e.words(0, y);")} }`;
      const word = send("0", isWord, write);
      if (schema.bits <= 32) return word;
      const isLong = `typeof x === "number" && ${range} && isInteger(x)`;
      return `${word} ${sendIf(isLong, call(`e.${schema.kind}(x);`))}`;
    }
    default:
      return "";
  }
}

const sendIf = (test: string, write: string): string =>
  `if (${test}) { bytes[pos++] = delta; delta = 1; ${write} } else`;

/** Whether a number has 32 bits, and as what they are sent. */
const WORDS = {
  int: ["(x | 0) === x", "((x << 1) ^ (x >> 31)) >>> 0"],
  uint: ["(x >>> 0) === x", "x"],
} as const;
