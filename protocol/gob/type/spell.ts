/** Go's spelling of a type, for registered names of unnamed types and for error texts. */
import type { GoKind, GoType } from "./go-type.js";

/** A peer can define types whose spelling has no end, so a longer one is cut. */
const MAX_SPELLING_CHARS = 2000;

/** [GOB-12] The type as Go's `%T` prints it: `[]main.Point`, `map[string]interface {}`. */
export function spell(type: GoType): string {
  let text = "";
  const open = new Set<GoType>();
  const add = (of: GoType): void => {
    if (of.name !== "") text += of.name;
    // In Go only declared types contain themselves. A schema without a name can do it, too.
    else if (open.has(of) || text.length > MAX_SPELLING_CHARS) text += "…";
    else {
      open.add(of);
      addUnnamed(of);
      open.delete(of);
    }
  };
  const addUnnamed = (of: GoType): void => {
    text += OPENING[of.kind] ?? of.kind;
    if (of.kind === "array") text += `[${of.length}]`;
    if (of.key !== undefined) {
      add(of.key);
      text += "]";
    }
    if (of.elem !== undefined) add(of.elem);
    if (of.kind === "struct") addFields(of);
  };
  const addFields = (of: GoType): void => {
    for (const [i, field] of of.fields.entries()) {
      text += `${i === 0 ? "" : ";"} ${field.isEmbedded ? "" : `${field.name} `}`;
      add(field.type);
    }
    text += of.fields.length === 0 ? "}" : " }";
  };
  add(type);
  return text;
}

/** The text in front of the parts of an unnamed type. */
const OPENING: Partial<Record<GoKind, string>> = {
  bytes: "[]uint8",
  interface: "interface {}",
  pointer: "*",
  slice: "[]",
  array: "",
  map: "map[",
  struct: "struct {",
};
