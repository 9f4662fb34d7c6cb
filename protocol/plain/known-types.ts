/**
 * Interfaces of known types [GOB-51] in the formats without Go types. A value does not say its type. An interface of one
 * type therefore has the form of that type, and one of several types has none.
 */
import type { KnownTypes } from "../schema/known.js";
import { failNilInterface } from "../schema/known-types.js";
import { refuseLeftOut } from "../schema/left-out.js";
import type { AnySchema } from "../schema/schema.js";
import type { Read } from "./decode-scalar.js";
import type { Write } from "./encode-scalar.js";
import { failKind } from "./failure.js";

/** The one type that the interface may hold. */
export function onlyType({ form, types }: KnownTypes): AnySchema {
  const [type] = types;
  return form === "oneOf" || type === undefined ? failKind("oneOf") : type.schema;
}

/** nil is the format's own, where `optional` allows it. */
export function knownTypesWriter(schema: KnownTypes, encoder: { readonly write: Write }): Write {
  return (w, value, context) => {
    if (value !== undefined && value !== null) encoder.write(w, value, context);
    else if (schema.optional === true) w.nil();
    else refuseLeftOut(schema);
  };
}

/** The inverse of {@link knownTypesWriter}. */
export function knownTypesReader(schema: KnownTypes, decoder: { readonly read: Read }): Read {
  return (r, node, context, into) => {
    if (node !== null) return decoder.read(r, node, context, into);
    return schema.optional === true ? undefined : failNilInterface(schema);
  };
}
