import type { ValueEncoder } from "./compile-encoder.js";
import { numberRange } from "./encode-scalar.js";
import type { EncodeState } from "./encode-state.js";
import { at } from "./failure.js";
import { generate, MAX_GENERATED_FIELDS, property } from "./generate.js";
import { bare, type StructField } from "./known-schema.js";

type Write = ValueEncoder["write"];

/**
 * The code of one struct: each field in turn, the common form of a scalar at once and everything
 * else, wrong values too, through the field's encoder.
 *
 * @param interpret - for what is no object, to refuse it.
 */
export function generateStructWriter(
  fields: readonly StructField[],
  encoders: readonly ValueEncoder[],
  interpret: Write,
): Write | undefined {
  if (fields.length > MAX_GENERATED_FIELDS) return undefined;
  const captured = new Map<string, unknown>([
    ["interpret", interpret],
    ["at", at],
    ["names", fields.map((field) => `.${field.go}`)],
    ["hasOwn", Object.hasOwn],
    ["isArray", Array.isArray],
    ["isInteger", Number.isInteger],
  ]);
  for (const [i, encoder] of encoders.entries()) captured.set(`encoder${i}`, encoder);
  const body = `
  if (typeof value !== "object" || value === null || isArray(value)) return interpret(e, value);
  let field = 0;
  let delta = 1;
  let x;
  e.enter();
  try {
    ${fields.map((field, i) => fieldText(field, i)).join("\n    ")}
  } catch (error) {
    throw at(error, names[field]);
  }
  e.depth--;
  e.byte(0);`;
  return generate<(e: EncodeState, value: unknown) => void>(captured, "e, value", body);
}

function fieldText(field: StructField, i: number): string {
  const read = property("value", field.key);
  const isInherited = field.key in Object.prototype;
  const own = `hasOwn(value, ${JSON.stringify(field.key)}) ? ${read} : undefined`;
  const lines = [`field = ${i};`, `x = ${isInherited ? own : read};`];
  const fast = fastText(field);
  const slow = `delta = encoder${i}.writeField(e, x, delta) ? 1 : delta + 1;`;
  lines.push(fast === undefined ? slow : `${fast} else ${slow}`);
  return lines.join(" ");
}

/** The usual values of a scalar; undefined where there is no short form. */
function fastText(field: StructField): string | undefined {
  const schema = bare(field.schema);
  const send = (test: string, write: string) =>
    `if (${test}) { e.uint(delta); ${write} delta = 1; }`;
  switch (schema.kind) {
    case "bool":
      return `if (x === false) delta++; else ${send("x === true", "e.byte(1);")}`;
    case "string":
      return `if (x === "") delta++; else ${send('typeof x === "string"', "e.string(x);")}`;
    case "float":
      if (schema.bits === 32) return undefined;
      return `if (x === 0) delta++; else ${send('typeof x === "number"', "e.float(x);")}`;
    case "int":
    case "uint": {
      if (schema.as === "bigint") return undefined;
      const [min, max] = numberRange(schema);
      const test = `typeof x === "number" && x >= ${min} && x <= ${max} && isInteger(x)`;
      return `if (x === 0) delta++; else ${send(test, `e.${schema.kind}(x);`)}`;
    }
    default:
      return undefined;
  }
}
