/** Writes the body of a message that defines a type [GOB-10]: its id, and a struct field by field. */
import type { TypeEntry } from "../type/type-registry.js";
import type { GobWriter } from "./writer.js";

/** The delta to the field of a definition that is present, by kind; fields are counted from 1. */
const KIND_DELTA = { array: 1, slice: 2, struct: 3, map: 4 } as const;

/** The same for the two kinds of marshaler. */
const MARSHALER_DELTA = { gob: 5, binary: 6 } as const;

/**
 * Writes the definition of `entry`.
 *
 * @param name - `name` and `innerId` are the entry's own, except for a marshaler behind a pointer [GOB-16].
 */
export function writeDefinition(
  w: GobWriter,
  entry: TypeEntry,
  name: string,
  innerId: number,
): void {
  const { type } = entry;
  w.int(-entry.id);
  if (type.kind === "marshaler") w.uint(MARSHALER_DELTA[type.form]);
  else w.uint(KIND_DELTA[type.kind as keyof typeof KIND_DELTA]);
  writeCommon(w, name, innerId);
  // Each of these follows the one before in the definition. Thus every delta is 1.
  if (entry.key !== undefined) writeNumber(w, entry.key.id);
  if (entry.elem !== undefined) writeNumber(w, entry.elem.id);
  if (type.kind === "array" && type.length > 0) writeNumber(w, type.length);
  if (entry.fields.length > 0) {
    w.uint(1);
    w.uint(entry.fields.length);
    for (const field of entry.fields) {
      w.uint(1);
      w.string(field.name);
      writeNumber(w, field.type.id);
      w.uint(0);
    }
  }
  // The ends of the kind's struct and of the definition.
  w.uint(0);
  w.uint(0);
}

/** The struct of name and id. An empty name is left out, as every zero field is. */
function writeCommon(w: GobWriter, name: string, id: number): void {
  w.uint(1);
  if (name !== "") {
    w.uint(1);
    w.string(name);
  }
  w.uint(name === "" ? 2 : 1);
  w.int(id);
  w.uint(0);
}

/** The next field, a signed number. */
function writeNumber(w: GobWriter, value: number): void {
  w.uint(1);
  w.int(value);
}
