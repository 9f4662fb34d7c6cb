/**
 * The source of the code that writes the structs of one schema, as text; `generate-writer.ts` compiles it.
 *
 * For `struct("Point", { X: int(), Name: string() })`, in Go `type Point struct { X int; Name string }`:
 *
 * ```js
 * (e, value) => {
 *   if (typeof value !== "object" || value === null || isArray(value)) return interpret(e, value);
 *   let field = 0, delta = 1, x, y = 0, bytes, pos;
 *   e.enter();
 *   try {
 *     e.reserve(30); bytes = e.bytes; pos = e.pos;
 *     field = 0; x = value["X"];
 *     if (x === 0) delta++;
 *     else if (typeof x === "number" && (x | 0) === x) {
 *       bytes[pos++] = delta; delta = 1;
 *       y = ((x << 1) ^ (x >> 31)) >>> 0;
 *       if (y < 128) bytes[pos++] = y; else { e.pos = pos; e.words(0, y); pos = e.pos; }
 *     } else if (typeof x === "number" && x >= -9007199254740991 && x <= 9007199254740991 && isInteger(x)) {
 *       bytes[pos++] = delta; delta = 1;
 *       e.pos = pos; e.int(x); pos = e.pos;
 *     } else if (x === undefined) delta++;
 *     else {
 *       e.pos = pos; delta = encoder0.writeField(e, x, delta) ? 1 : delta + 1;
 *       e.reserve(30); bytes = e.bytes; pos = e.pos;
 *     }
 *     field = 1; x = value["Name"];
 *     if (x === "") delta++;
 *     else if (typeof x === "string") {
 *       bytes[pos++] = delta; delta = 1;
 *       e.pos = pos; e.string(x);
 *       e.reserve(30); bytes = e.bytes; pos = e.pos;
 *     } else if (x === undefined) delta++;
 *     else {
 *       e.pos = pos; delta = encoder1.writeField(e, x, delta) ? 1 : delta + 1;
 *       e.reserve(30); bytes = e.bytes; pos = e.pos;
 *     }
 *   } catch (error) {
 *     throw at(error, names[field]);
 *   }
 *   e.depth--;
 *   bytes[pos] = 0;
 *   e.pos = pos + 1;
 * }
 * ```
 *
 * The usual values of a scalar are written on the spot. All others, wrong values too, go through the field's
 * own encoder. The test for a key that was left out comes last, so that it costs the other values nothing. `bytes` and `pos` are copies of the writer's: `pos` is written back before a call, and both are
 * loaded again after a call that may change them. Room for all scalars of the struct and its final 0 is reserved
 * at the start, and again after each call that can use it up. Thus the stores in between need no check.
 */
import type { StructField } from "../../schema/fields.js";
import { type BareSchema, bare, type KnownScalar } from "../../schema/known.js";
import { numberRange } from "../../schema/numbers.js";

/** A delta of one byte, and the longest number. */
const MAX_FIELD_BYTES = 10;

/** The parameters of the function. */
export const WRITER_PARAMETERS = "e, value";

/**
 * The body of the function for a struct of these fields. It refers to `interpret`, `at`, `names`, `hasOwn`,
 * `isArray`, `isInteger`, and for each field to `encoder0`, `encoder1` and so on.
 */
export function writerBody(fields: readonly StructField[]): string {
  const reserve = `e.reserve(${MAX_FIELD_BYTES * (fields.length + 1)}); bytes = e.bytes; pos = e.pos;`;
  return `\
  if (typeof value !== "object" || value === null || isArray(value)) return interpret(e, value);
  let field = 0, delta = 1, x, y = 0, bytes, pos;
  e.enter();
  try {
    ${[reserve, ...fields.flatMap((field, i) => fieldLines(field, i, reserve))].join("\n    ")}
  } catch (error) {
    throw at(error, names[field]);
  }
  e.depth--;
  bytes[pos] = 0;
  e.pos = pos + 1;`;
}

function fieldLines({ key, schema }: StructField, i: number, reserve: string): string[] {
  const slow = [
    `e.pos = pos; delta = encoder${i}.writeField(e, x, delta) ? 1 : delta + 1;`,
    reserve,
  ];
  const load = `field = ${i}; x = ${readText(key)};`;
  const usual = usualValues(bare(schema), reserve);
  if (usual === undefined) return [load, ...slow];
  const branches = usual.branches.flatMap(({ test, write }, at) => [
    `${at === 0 ? "" : "} "}else if (${test}) {`,
    ...indent(["bytes[pos++] = delta; delta = 1;", ...write]),
  ]);
  const isZero = `if (x === ${usual.zero}) delta++;`;
  const isLeftOut = "} else if (x === undefined) delta++;";
  return [load, isZero, ...branches, isLeftOut, "else {", ...indent(slow), "}"];
}

const indent = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);

/** The value of a key that the user passed: see `passedKey`, which the loop over fields calls. */
function readText(key: string): string {
  const name = JSON.stringify(key);
  return key in Object.prototype
    ? `hasOwn(value, ${name}) ? value[${name}] : undefined`
    : `value[${name}]`;
}

/** The values that a field writes on the spot: nothing for the zero, and `write` for values that pass `test`. */
interface UsualValues {
  readonly zero: string;
  readonly branches: readonly { readonly test: string; readonly write: readonly string[] }[];
}

/** Undefined if every value goes through the encoder. */
function usualValues(schema: BareSchema, reserve: string): UsualValues | undefined {
  switch (schema.kind) {
    case "bool":
      return { zero: "false", branches: [{ test: "x === true", write: ["bytes[pos++] = 1;"] }] };
    case "string": {
      const write = ["e.pos = pos; e.string(x);", reserve];
      return { zero: '""', branches: [{ test: 'typeof x === "string"', write }] };
    }
    case "float": {
      // A number that float32 would round goes through the encoder, which rounds it or refuses it.
      const isExact = schema.bits === 64 ? "" : " && Math.fround(x) === x";
      const test = `typeof x === "number"${isExact}`;
      return { zero: "0", branches: [{ test, write: [call("e.float(x);")] }] };
    }
    case "int":
    case "uint":
      return schema.as === "bigint" ? undefined : usualIntegers(schema);
    default:
      return undefined;
  }
}

const call = (method: string): string => `e.pos = pos; ${method} pos = e.pos;`;

/** Integers of 32 bits by bit arithmetic, and longer ones through the writer's own method. */
function usualIntegers(schema: KnownScalar & { kind: "int" | "uint" }): UsualValues {
  const { kind, bits } = schema;
  const [min, max] = numberRange(schema);
  const range = `x >= ${min} && x <= ${max}`;
  const [isWord, wordBits] = WORDS[kind];
  const word = {
    test: `typeof x === "number" && ${isWord}${bits < 32 ? ` && ${range}` : ""}`,
    write: [
      `y = ${wordBits};`,
      `if (y < 128) bytes[pos++] = y; else { ${call("e.words(0, y);")} }`,
    ],
  };
  if (bits <= 32) return { zero: "0", branches: [word] };
  const test = `typeof x === "number" && ${range} && isInteger(x)`;
  return { zero: "0", branches: [word, { test, write: [call(`e.${kind}(x);`)] }] };
}

/** Whether a number has 32 bits, and as which bits it is sent. */
const WORDS = {
  int: ["(x | 0) === x", "((x << 1) ^ (x >> 31)) >>> 0"],
  uint: ["(x >>> 0) === x", "x"],
} as const;
