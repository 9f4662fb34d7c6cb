/** Compiles code of its own for a struct that is written often. `writer-source.ts` shows such code. */
import type { StructField } from "../../schema/fields.js";
import { at } from "../failure.js";
import { generate } from "../generate.js";
import type { ValueEncoder } from "./value-encoder.js";
import { WRITER_PARAMETERS, writerBody } from "./writer-source.js";

type Write = ValueEncoder["write"];

/** Beyond this many fields a delta could take more than the one byte that the code stores. */
const MAX_FIELDS = 127;

/**
 * Compiles the code.
 *
 * @param interpret - the loop over fields, which refuses a value that is no object.
 * @returns undefined where the struct is too large or code generation is disallowed.
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
  return generate<Write>(captured, WRITER_PARAMETERS, writerBody(fields));
}
