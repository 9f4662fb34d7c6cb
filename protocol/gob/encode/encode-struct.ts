import type { AnySchema } from "../../schema/index.js";
import type { KnownStruct } from "../../schema/known.js";
import { at } from "../failure.js";
import { HOT_CALLS } from "../generate.js";
import { type StructField, structFields } from "../type/struct-fields.js";
import type { ValueEncoder } from "./compile-encoder.js";
import { alwaysField, failShape } from "./encode-composite.js";
import type { EncodeState } from "./encode-state.js";
import { generateStructWriter } from "./generate-writer.js";

/**
 * [GOB-13] Pairs of a delta and a value for the fields that are sent, and a 0. Completes `encoder`,
 * and again with generated code when it has proved to be used much.
 */
export function structEncoder(
  encoder: ValueEncoder,
  schema: KnownStruct,
  compile: (schema: AnySchema) => ValueEncoder,
): void {
  encoder.writeField = alwaysField(encoder);
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
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      failShape(schema, value);
    }
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

/** What every object inherits is not a value that somebody passed. */
function passedKey(value: object, key: string): unknown {
  if (key in Object.prototype && !Object.hasOwn(value, key)) return undefined;
  return Reflect.get(value, key);
}
