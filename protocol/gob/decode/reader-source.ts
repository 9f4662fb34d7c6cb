/**
 * The source text of a struct's reader, as a function of its plan. `generate-reader.ts` compiles it.
 *
 * The text names the keys of the object in one literal, so that the engine knows their places, and keeps the
 * position in the message in local variables, so that numbers of one byte are read without a call. Names of
 * fields can come from a peer: they appear in the text only as JSON strings, never as code or in comments.
 */

import type { StructField } from "../../schema/fields.js";
import type { AnySchema } from "../../schema/index.js";
import { type BareSchema, bare } from "../../schema/known.js";
import { belowPointers } from "../type/go-type.js";
import { type NewKey, type Step, type StructPlan, structCost } from "./struct-plan.js";

/** Takes over where `r` is after a call that may have gone on in another message. */
const RELOAD = "bytes = r.bytes; pos = r.pos; end = r.end;";
/** Looks at the next byte. Below 0x80 it is a whole number; the end of the message counts as a longer one. */
const PEEK = "x = pos < end ? bytes[pos] : 0x80;";

/** The parameters of the function. */
export const READER_PARAMETERS = "r, into";

/**
 * The body of the function that reads a struct. That of `type Point struct { X int; Name string }` becomes:
 *
 * ```js
 * (r, into) => {
 *   if (into !== undefined && into !== null) return interpret(r, into);
 *   let key0 = 0;
 *   let key1 = "";
 *   let field = -1, x = 0, bytes, pos, end;
 *   r.enter();
 *   r.charge(104);
 *   try {
 *     bytes = r.bytes; pos = r.pos; end = r.end;
 *     for (;;) {
 *       x = pos < end ? bytes[pos] : 0x80;
 *       if (x < 0x80) pos++;
 *       else { r.pos = pos; x = r.uint(); pos = r.pos; }
 *       if (x === 0) break;
 *       field += x;
 *       switch (field) {
 *         case 0:
 *           x = pos < end ? bytes[pos] : 0x80;
 *           if (x < 0x80) { pos++; key0 = (x >> 1) ^ -(x & 1); }
 *           else { r.pos = pos; key0 = r.int(); pos = r.pos; }
 *           break;
 *         case 1:
 *           r.pos = pos; key1 = r.string(); pos = r.pos;
 *           break;
 *         default:
 *           r.pos = pos;
 *           failOutOfBounds(r);
 *       }
 *     }
 *     r.pos = pos;
 *   } catch (error) {
 *     throw atField(error, steps, field);
 *   }
 *   r.depth--;
 *   const out = { "X": key0, "Name": key1 };
 *   return out;
 * }
 * ```
 *
 * A field whose zero is the same for all values (`0`, `""`) has it from the start. Others have `has1`, which says that
 * the field arrived, and `zero1(r.context)` makes the zero if it did not. The key of an optional field is missing in
 * the literal; its value waits in `late2` until the object is there, and is undefined if there is none. `new3(r.context)` makes the zero of a key that the
 * peer's struct lacks. Merging is left to `interpret`, the loop over the plan.
 */
export function readerBody(plan: StructPlan): string {
  const { steps, keys } = plan;
  const variables = new Map(keys.map(({ field }, i) => [field, `key${i}`]));
  const lines = [
    "if (into !== undefined && into !== null) return interpret(r, into);",
    ...keys.flatMap(variableLine),
    ...steps.flatMap(markLine),
    "let field = -1, x = 0, bytes, pos, end;",
    "r.enter();",
    `r.charge(${structCost(plan)});`,
    "try {",
    `  ${RELOAD}`,
    "  for (;;) {",
    `    ${PEEK}`,
    "    if (x < 0x80) pos++;",
    "    else { r.pos = pos; x = r.uint(); pos = r.pos; }",
    "    if (x === 0) break;",
    "    field += x;",
    "    switch (field) {",
    ...steps.flatMap((step, i) => [
      `      case ${i}:`,
      ...stepLines(step, i, variables).map((line) => `        ${line}`),
      "        break;",
    ]),
    "      default:",
    "        r.pos = pos;",
    "        failOutOfBounds(r);",
    "    }",
    "  }",
    "  r.pos = pos;",
    ...steps.flatMap((step, i) => zeroLine(step, i, variables)),
    "} catch (error) {",
    "  throw atField(error, steps, field);",
    "}",
    "r.depth--;",
    `const out = { ${keys.map(literalEntry).join(", ")} };`,
    ...steps.flatMap(optionalLine),
    "return out;",
  ];
  return lines.map((line) => `  ${line}`).join("\n");
}

/** The variable of an optional field, or the one that tells whether a field arrived whose zero is made late. */
function markLine({ field, zero }: Step, i: number): readonly string[] {
  if (field?.isOptional === true) return [`let late${i};`];
  return zero === undefined ? [] : [`let has${i} = false;`];
}

/** What reads one field, between its `case` and its `break`. */
function stepLines(
  step: Step,
  i: number,
  variables: ReadonlyMap<StructField, string>,
): readonly string[] {
  const { field, id } = step;
  if (field === undefined) return [`r.pos = pos; skipField(r, ${id}); ${RELOAD}`];
  const to = variables.get(field) ?? `late${i}`;
  const lines = readLines(belowPointers(field.schema), to, `decoder${i}.read(r, undefined)`);
  const charge = step.cost > 0 ? [`r.charge(${step.cost});`] : [];
  const mark = step.zero === undefined ? [] : [`has${i} = true;`];
  return [...charge, ...lines, ...mark];
}

/**
 * Reads a value into the variable `to`. The short ways of numbers hold for all widths: a number of one byte fits the
 * narrowest type.
 *
 * @param decode - calls the decoder of the field, for schemas that have no primitive.
 */
function readLines(schema: BareSchema, to: string, decode: string): readonly string[] {
  const call = (read: string) => `r.pos = pos; ${to} = ${read}; pos = r.pos;`;
  const short = (value: string, long: string) => [
    PEEK,
    `if (x < 0x80) { pos++; ${to} = ${value}; }`,
    `else { ${call(long)} }`,
  ];
  switch (schema.kind) {
    case "bool":
      return short("x !== 0", "r.bool()");
    case "int":
    case "uint": {
      const read = schema.bits < 64 ? decode : `r.${READS[schema.kind][schema.as]}()`;
      if (schema.as === "bigint") return [call(read)];
      return short(schema.kind === "int" ? "(x >> 1) ^ -(x & 1)" : "x", read);
    }
    case "float":
      return [call(schema.bits === 64 ? "r.float()" : "toFloat32(r, r.float())")];
    case "string":
      return [call(schema.repeats === true ? "r.key()" : "r.string()")];
    case "bytes":
      return [call("readBytes(r)")];
    default:
      return [`r.pos = pos; ${to} = ${decode};`, RELOAD];
  }
}

const READS = {
  int: { number: "int", bigint: "bigInt", safe: "safeInt" },
  uint: { number: "uint", bigint: "bigUint", safe: "safeUint" },
} as const;

/** Makes the zero of a field that did not arrive. */
function zeroLine(
  { field, zero, zeroCost }: Step,
  i: number,
  variables: ReadonlyMap<StructField, string>,
): readonly string[] {
  if (field === undefined || zero === undefined) return [];
  const make = `${variables.get(field)} = zero${i}(r.context);`;
  return [`  if (!has${i}) { field = ${i}; r.charge(${zeroCost}); ${make} }`];
}

/** Whether the peer's struct lacks the field, and its zero must be made. */
const isMade = ({ field, zero }: NewKey): boolean =>
  zero !== undefined && constantZero(field.schema) === "undefined";

/** The variable in which the value of a key waits for the object. */
const variableLine = (key: NewKey, i: number): readonly string[] =>
  isMade(key) ? [] : [`let key${i} = ${constantZero(key.field.schema)};`];

/** A key of the literal with its value. */
function literalEntry(key: NewKey, i: number): string {
  const { key: name } = key.field;
  // `"__proto__": x` in a literal would set the prototype.
  const text = name === "__proto__" ? '["__proto__"]' : JSON.stringify(name);
  return isMade(key) ? `${text}: new${i}(r.context)` : `${text}: key${i}`;
}

/** Adds the key of an optional field that arrived. */
function optionalLine({ field }: Step, i: number): readonly string[] {
  if (field?.isOptional !== true) return [];
  return [`if (late${i} !== undefined) setKey(out, ${JSON.stringify(field.key)}, late${i});`];
}

/** A zero that is the same for all values, as source; `undefined` for zeros that must be made. */
function constantZero(of: AnySchema): string {
  const schema = bare(of);
  switch (schema.kind) {
    case "bool":
      return "false";
    case "int":
    case "uint":
      return schema.as === "bigint" ? "0n" : "0";
    case "float":
      return "0";
    case "string":
      return '""';
    case "interface":
      return "types" in schema ? "undefined" : "null";
    default:
      return "undefined";
  }
}
