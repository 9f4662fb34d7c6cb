/** Encodes structs [GOB-13]: for each field that is sent, the distance from the one before and the value, then a 0. */
import type { StructField } from "../../schema/fields.js";
import { isObject, passedKey } from "../../schema/keys.js";
import type { KnownStruct } from "../../schema/known.js";
import { at } from "../failure.js";
import { HOT_CALLS } from "../generate.js";
import { structFields } from "../type/struct-fields.js";
import type { EncodeState } from "./encode-state.js";
import { generateStructWriter } from "./generate-writer.js";
import type { Compile, ValueEncoder } from "./value-encoder.js";
import { failSchema } from "./wrong-type.js";

/**
 * Completes `encoder`, with a loop over the fields at first. After {@link HOT_CALLS} structs generated code
 * takes its place, because making that costs more than a few structs are worth.
 */
export function structEncoder(encoder: ValueEncoder, schema: KnownStruct, compile: Compile): void {
  // Looks `write` up, which is replaced later.
  encoder.writeField = (e, value, delta) => {
    e.uint(delta);
    encoder.write(e, value === undefined ? NO_KEYS : value);
    return true;
  };
  encoder.writeZero = (e) => encoder.write(e, NO_KEYS);
  if (schema.empty === true) {
    encoder.write = (e) => e.byte(0);
    return;
  }
  const fields = structFields(schema);
  const encoders = fields.map((field) => compile(field.schema));
  encoder.write = fieldsWriter(schema, fields, encoders, (interpret) => {
    encoder.write = generateStructWriter(fields, encoders, interpret) ?? interpret;
  });
}

/** [GOB-49] A struct that the user left out: all its keys are left out. */
const NO_KEYS = Object.freeze({});

/** @param whenHot - called once, when the struct has been written many times. */
function fieldsWriter(
  schema: KnownStruct,
  fields: readonly StructField[],
  encoders: readonly ValueEncoder[],
  whenHot: (interpret: ValueEncoder["write"]) => void,
): ValueEncoder["write"] {
  const parts = fields.map(({ key, go }, i) => ({ key, go, encoder: encoders[i]! }));
  let calls = 0;
  return function interpret(e: EncodeState, value: unknown): void {
    if (++calls === HOT_CALLS) whenHot(interpret);
    if (!isObject(value)) failSchema(schema, value);
    let last = -1;
    let current = 0;
    e.enter();
    try {
      for (const { key, encoder } of parts) {
        if (encoder.writeField(e, passedKey(value, key), current - last)) last = current;
        current++;
      }
    } catch (error) {
      throw at(error, `.${parts[current]?.go}`);
    }
    e.depth--;
    e.byte(0);
  };
}
