/** The fields of a struct schema that Go can have: every part of gob that walks a struct starts here. */
import { fieldsOf, hasTwins, type StructField } from "../../schema/fields.js";
import type { KnownStruct } from "../../schema/known.js";
import { fail } from "../failure.js";

const EXPORTED = /^\p{Lu}/u;
/** The fields that are sent, by struct. */
const sent = new WeakMap<KnownStruct, readonly StructField[]>();

/**
 * [GOB-14] The fields of a struct that are sent, in the schema's order. Go sends exported fields only, and cannot have two
 * of one name. An embedded struct may have a type that is not exported: its fields are promoted, but it is not sent.
 */
export function structFields(schema: KnownStruct): readonly StructField[] {
  const known = sent.get(schema);
  if (known !== undefined) return known;
  const fields = fieldsOf(schema);
  for (const { key, go, isEmbedded } of fields) {
    if (!isEmbedded && !isExported(go)) {
      const hint = `field("${key.charAt(0).toUpperCase()}${key.slice(1)}", …)`;
      fail("bad-value", `struct ${schema.name}: Go does not export ${go}; name it: ${hint}`);
    }
  }
  if (hasTwins(fields)) {
    fail("bad-value", `struct ${schema.name} has two fields of one Go name`);
  }
  const exported = fields.filter(({ go }) => isExported(go));
  // The same list where nothing is left out: codecs know fields by identity.
  const list = exported.length === fields.length ? fields : exported;
  sent.set(schema, list);
  return list;
}

/** The fields that a value has, sent or not. */
export function valueFields(schema: KnownStruct): readonly StructField[] {
  structFields(schema);
  return fieldsOf(schema);
}

/** Whether Go exports the name. */
export const isExported = (go: string): boolean => EXPORTED.test(go);
