/** Compiles the source text of a struct's reader. Where code generation is disallowed the loop over the plan stays. */
import { setKey } from "../../schema/keys.js";
import { generate, MAX_GENERATED_FIELDS } from "../generate.js";
import { failOutOfBounds } from "./bad-data.js";
import { readBytes, toFloat32 } from "./decode-scalar.js";
import { READER_PARAMETERS, readerBody } from "./reader-source.js";
import { atField, type StructPlan, skipField } from "./struct-plan.js";
import type { Read } from "./value-decoder.js";

/**
 * A reader of a struct with code of its own.
 *
 * @param interpret - the loop over the plan. Generated code calls it to merge.
 * @returns undefined for a struct of too many fields or with promoted ones, and where code generation is disallowed.
 */
export function generateStructReader(plan: StructPlan, interpret: Read): Read | undefined {
  const { steps, keys } = plan;
  if (plan.hasPromoted) return undefined;
  if (steps.length > MAX_GENERATED_FIELDS || keys.length > MAX_GENERATED_FIELDS) return undefined;
  return generate<Read>(capturedBy(plan, interpret), READER_PARAMETERS, readerBody(plan));
}

/** The values that the source text refers to, by name. */
function capturedBy({ steps, keys }: StructPlan, interpret: Read): Map<string, unknown> {
  const captured = new Map<string, unknown>([
    ["steps", steps],
    ["interpret", interpret],
    ["atField", atField],
    ["skipField", skipField],
    ["failOutOfBounds", failOutOfBounds],
    ["toFloat32", toFloat32],
    ["readBytes", readBytes],
    ["setKey", setKey],
  ]);
  for (const [i, { decoder, zero }] of steps.entries()) {
    if (decoder !== undefined) captured.set(`decoder${i}`, decoder);
    if (zero !== undefined) captured.set(`zero${i}`, zero);
  }
  for (const [i, { zero }] of keys.entries()) {
    if (zero !== undefined) captured.set(`new${i}`, zero);
  }
  return captured;
}
