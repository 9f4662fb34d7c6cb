import type { GoKind, GoType } from "./go-type.js";

/** Spellings of types that were not declared: `[]int`, `map[string]int`, `*int` below a pointer. */
const UNNAMED = /^(\[|map\[|struct \{|interface \{|func\(|chan )/;

/** Whether a registered name is Go's spelling of a type without a declared name. */
export const isUnnamed = (registered: string): boolean => UNNAMED.test(registered);

/**
 * The declared name in a registered one, with its short package: `p.T1` of `example.com/full/p.T1`
 * and of `*p.T1`; empty for Go's spelling of an unnamed or predeclared type.
 */
export function declaredName(registered: string): string {
  const name = registered.replace(/^\*+/, "");
  if (UNNAMED.test(name)) return "";
  const bracket = name.indexOf("[");
  // The arguments of a generic type keep their full paths.
  const head = bracket < 0 ? name : name.slice(0, bracket);
  return name.slice(head.lastIndexOf("/") + 1);
}

/** [GOB-12] The name in a definition: without package. */
export function wireName(name: string): string {
  const bracket = name.indexOf("[");
  const head = bracket < 0 ? name : name.slice(0, bracket);
  return name.slice(head.indexOf(".") + 1);
}

/** Spellings are cut here: types that a peer made up could be spelled without end. */
const MAX_SPELLING_CHARS = 2000;

/** [GOB-12] Go's spelling of a type, as `%T` prints it. */
export function spell(type: GoType): string {
  let text = "";
  const open = new Set<GoType>();
  const add = (of: GoType): void => {
    if (of.name !== "") text += of.name;
    // Only declared types contain themselves in Go; a schema without a name could.
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
      text += `${i === 0 ? "" : ";"} ${field.name} `;
      add(field.type);
    }
    text += of.fields.length === 0 ? "}" : " }";
  };
  add(type);
  return text;
}

const OPENING: Partial<Record<GoKind, string>> = {
  bytes: "[]uint8",
  interface: "interface {}",
  pointer: "*",
  slice: "[]",
  array: "",
  map: "map[",
  struct: "struct {",
};
