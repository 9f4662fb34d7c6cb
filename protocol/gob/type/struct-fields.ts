/** The fields of a struct schema that Go can have: every part of gob that walks a struct starts here. */
import { fieldsOf, hasTwins, type StructField } from "../../schema/fields.js";
import type { KnownStruct } from "../../schema/known.js";
import { fail } from "../failure.js";

const EXPORTED = /^\p{Lu}/u;
const checked = new WeakSet<KnownStruct>();

/** [GOB-14] The fields of a struct, in the schema's order. Go sends exported fields only, and cannot have two of one name. */
export function structFields(schema: KnownStruct): readonly StructField[] {
  const fields = fieldsOf(schema);
  if (checked.has(schema)) return fields;
  for (const { key, go } of fields) {
    if (!EXPORTED.test(go)) {
      const hint = `field("${key.charAt(0).toUpperCase()}${key.slice(1)}", …)`;
      fail("bad-value", `struct ${schema.name}: Go does not export ${go}; name it: ${hint}`);
    }
  }
  if (hasTwins(fields)) {
    fail("bad-value", `struct ${schema.name} has two fields of one Go name`);
  }
  checked.add(schema);
  return fields;
}
