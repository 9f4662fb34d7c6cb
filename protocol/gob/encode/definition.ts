import type { TypeEntry } from "../type/type-registry.js";
import type { GobWriter } from "./writer.js";

/** Which field of a definition a kind is, counted from 1: the delta that comes first. */
const KIND_DELTA = { array: 1, slice: 2, struct: 3, map: 4 } as const;

/** [GOB-10] Writes the body of a definition message. */
export function writeDefinition(
  w: GobWriter,
  entry: TypeEntry,
  name: string,
  innerId: number,
): void {
  const { type } = entry;
  w.int(-entry.id);
  if (type.kind === "marshaler") w.uint(type.form === "gob" ? 5 : 6);
  else w.uint(KIND_DELTA[type.kind as keyof typeof KIND_DELTA]);
  writeCommon(w, name, innerId);
  if (entry.key !== undefined) writeId(w, entry.key.id);
  if (entry.elem !== undefined) writeId(w, entry.elem.id);
  if (type.kind === "array" && type.length > 0) writeId(w, type.length);
  if (entry.fields.length > 0) {
    w.uint(1);
    w.uint(entry.fields.length);
    for (const field of entry.fields) {
      w.uint(1);
      w.string(field.name);
      writeId(w, field.type.id);
      w.uint(0);
    }
  }
  w.uint(0);
  w.uint(0);
}

/** An empty name is left out, as every zero field is. */
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

/** The next field, which is a signed number: Elem, Key, Len or Id. */
function writeId(w: GobWriter, id: number): void {
  w.uint(1);
  w.int(id);
}
