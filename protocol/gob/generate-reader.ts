import type { AnySchema } from "../schema/index.js";
import { bare, setKey } from "../schema/known.js";
import type { Read } from "./compile-decoder.js";
import { toFloat32 } from "./decode-scalar.js";
import { generate, MAX_GENERATED_FIELDS } from "./generate.js";
import type { StructField } from "./struct-fields.js";
import {
  atField,
  type NewKey,
  type Step,
  type StructPlan,
  skipField,
  structCost,
} from "./struct-plan.js";
import { failOutOfBounds } from "./wire-type.js";

/**
 * The code of one struct: a variable for each key, a switch over field numbers that sets them, and one
 * literal in the end. Merging is left to `interpret`.
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
  let field = -1;
  r.enter();
  r.charge(${structCost(plan)});
  try {
    for (let delta = r.uint(); delta !== 0; delta = r.uint()) {
      field += delta;
      switch (field) {
        ${cases.join("\n        ")}
        default: failOutOfBounds(r);
      }
    }
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
  // Computed, because `__proto__: x` in a literal would set the prototype.
  const key = `[${JSON.stringify(field.key)}]`;
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
  if (field === undefined || decoder === undefined) return `skipField(r, ${id});`;
  captured.set(`decoder${i}`, decoder);
  const value = scalarText(field.schema, i) ?? `decoder${i}.read(r, undefined)`;
  const assign = `${names.get(field) ?? `late${i}`} = ${value};`;
  return needsMark(step) ? `${assign} has${i} = true;` : assign;
}

/** The call that reads a scalar, where no check has to follow. */
function scalarText(of: AnySchema, i: number) {
  let schema = bare(of);
  while (schema.kind === "optional") schema = bare(schema.elem);
  switch (schema.kind) {
    case "bool":
      return "r.bool()";
    case "string":
      return schema.repeats === true ? "r.key()" : "r.string()";
    case "bytes":
      return "r.blob()";
    case "float":
      return schema.bits === 64 ? "r.float()" : "toFloat32(r, r.float())";
    case "int":
    case "uint":
      if (schema.bits < 64) return `decoder${i}.read(r, undefined)`;
      return `r.${READS[schema.kind][schema.as]}()`;
    default:
      return undefined;
  }
}

const READS = {
  int: { number: "int", bigint: "bigInt", safe: "safeInt" },
  uint: { number: "uint", bigint: "bigUint", safe: "safeUint" },
} as const;
