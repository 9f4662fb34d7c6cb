import type { StructField } from "../../schema/fields.js";
import type { AnySchema } from "../../schema/index.js";
import { setKey } from "../../schema/keys.js";
import { bare } from "../../schema/known.js";
import { generate, MAX_GENERATED_FIELDS } from "../generate.js";
import { failOutOfBounds } from "../type/wire-type.js";
import type { Read } from "./compile-decoder.js";
import { toFloat32 } from "./decode-scalar.js";
import {
  atField,
  type NewKey,
  type Step,
  type StructPlan,
  skipField,
  structCost,
} from "./struct-plan.js";

/** Goes to where `r` stands after a call, in what may be another chunk. */
const RELOAD = "bytes = r.bytes; pos = r.pos; end = r.end;";
/** The next number is short if this is below 0x80. */
const FIRST = "x = pos < end ? bytes[pos] : 0x80;";

/**
 * The code of one struct: a variable for each key, a switch over field numbers that sets them, and one
 * literal in the end. The place in the message is a variable, too, and short numbers are read without a
 * call. Merging is left to `interpret`.
 */
export function generateStructReader(plan: StructPlan, interpret: Read): Read | undefined {
  const { steps, keys } = plan;
  if (steps.length > MAX_GENERATED_FIELDS || keys.length > MAX_GENERATED_FIELDS) return undefined;
  const captured = new Map<string, unknown>([
    ["steps", steps],
    ["interpret", interpret],
    ["atField", atField],
    ["skipField", skipField],
    ["failOutOfBounds", failOutOfBounds],
    ["toFloat32", toFloat32],
    ["setKey", setKey],
  ]);
  const names = new Map(keys.map(({ field }, i) => [field, `key${i}`]));
  const cases = steps.map((step, i) => `case ${i}: ${readCase(step, i, names, captured)} break;`);
  const marked = steps.flatMap((step, i) => (needsMark(step) ? [i] : []));
  const body = `
  if (into !== undefined && into !== null) return interpret(r, into);
  ${keys.map(({ field }, i) => `let key${i} = ${constantText(field.schema)};`).join(" ")}
  ${marked.map((i) => `let has${i} = false; let late${i};`).join(" ")}
  let field = -1, x = 0, bytes, pos, end;
  r.enter();
  r.charge(${structCost(plan)});
  try {
    ${RELOAD}
    for (;;) {
      ${FIRST}
      if (x < 0x80) pos++;
      else { r.pos = pos; x = r.uint(); pos = r.pos; }
      if (x === 0) break;
      field += x;
      switch (field) {
        ${cases.join("\n        ")}
        default: r.pos = pos; failOutOfBounds(r);
      }
    }
    r.pos = pos;
    ${steps.map((step, i) => zeroLine(step, i, names, captured)).join("")}
  } catch (error) {
    throw atField(error, steps, field);
  }
  r.depth--;
  const out = { ${keys.map((key, i) => literalEntry(key, i, captured)).join(", ")} };
  ${marked.map((i) => optionalLine(steps[i] as Step, i)).join("")}
  return out;`;
  return generate<Read>(captured, "r, into", body);
}

/** Whether it has to be known if a field was present: its zero costs something, or its key is missing. */
const needsMark = ({ field, zero }: Step): boolean =>
  field?.isOptional === true || zero !== undefined;

/** Keys of fields that the peer's type lacks get their zeros here. */
function literalEntry({ field, zero }: NewKey, i: number, captured: Map<string, unknown>): string {
  // `__proto__: x` in a literal would set the prototype.
  const key = field.key === "__proto__" ? '["__proto__"]' : JSON.stringify(field.key);
  if (zero === undefined || constantText(field.schema) !== "undefined") return `${key}: key${i}`;
  captured.set(`new${i}`, zero);
  return `${key}: new${i}(r.context)`;
}

function zeroLine(
  { field, zero }: Step,
  i: number,
  names: ReadonlyMap<StructField, string>,
  captured: Map<string, unknown>,
): string {
  if (field === undefined || zero === undefined) return "";
  captured.set(`zero${i}`, zero);
  return `if (!has${i}) ${names.get(field)} = zero${i}(r.context);\n    `;
}

const optionalLine = ({ field }: Step, i: number): string =>
  field?.isOptional === true
    ? `if (has${i}) setKey(out, ${JSON.stringify(field.key)}, late${i});\n  `
    : "";

/** A zero that is the same for all, as source. */
function constantText(of: AnySchema): string {
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
      return "null";
    default:
      return "undefined";
  }
}

function readCase(
  step: Step,
  i: number,
  names: ReadonlyMap<StructField, string>,
  captured: Map<string, unknown>,
): string {
  const { field, decoder, id } = step;
  if (field === undefined || decoder === undefined) {
    return `r.pos = pos; skipField(r, ${id}); ${RELOAD}`;
  }
  captured.set(`decoder${i}`, decoder);
  const read = readText(
    field.schema,
    names.get(field) ?? `late${i}`,
    `decoder${i}.read(r, undefined)`,
  );
  return needsMark(step) ? `${read} has${i} = true;` : read;
}

/** Sets `to`. What is said of scalars holds in all their widths: a short number fits the narrowest. */
function readText(of: AnySchema, to: string, decode: string): string {
  let schema = bare(of);
  while (schema.kind === "optional") schema = bare(schema.elem);
  const call = (read: string) => `r.pos = pos; ${to} = ${read}; pos = r.pos;`;
  const short = (value: string, long: string) =>
    `${FIRST} if (x < 0x80) { pos++; ${to} = ${value}; } else { ${call(long)} }`;
  switch (schema.kind) {
    case "bool":
      return short("x !== 0", "r.bool()");
    case "int":
    case "uint": {
      const read = schema.bits < 64 ? decode : `r.${READS[schema.kind][schema.as]}()`;
      if (schema.as === "bigint") return call(read);
      return short(schema.kind === "int" ? "(x >> 1) ^ -(x & 1)" : "x", read);
    }
    case "float":
      return call(schema.bits === 64 ? "r.float()" : "toFloat32(r, r.float())");
    case "string":
      return call(schema.repeats === true ? "r.key()" : "r.string()");
    case "bytes":
      return call("r.blob()");
    default:
      return `r.pos = pos; ${to} = ${decode}; ${RELOAD}`;
  }
}

const READS = {
  int: { number: "int", bigint: "bigInt", safe: "safeInt" },
  uint: { number: "uint", bigint: "bigUint", safe: "safeUint" },
} as const;
