/** Go's zero values in JSON, for receivers that do not take null for one. */
import type { AnySchema } from "../schema/index.js";
import { bare } from "../schema/known.js";

/** Kinds that are not listed are objects. */
const ZEROS: Readonly<Record<string, string>> = {
  bool: "false",
  int: "0",
  uint: "0",
  float: "0",
  string: '""',
  bytes: '""',
  slice: "[]",
  array: "[]",
};

/** The JSON text of the schema's zero value, never `null`: `{}` where Go has nil. */
export function zeroText(of: AnySchema): string {
  const schema = bare(of);
  if (schema.kind === "optional") return zeroText(schema.elem);
  if (schema.kind === "codec") return zeroText(schema.wire);
  if (schema.kind === "marshaler") return '"0001-01-01T00:00:00Z"';
  return ZEROS[schema.kind] ?? "{}";
}
