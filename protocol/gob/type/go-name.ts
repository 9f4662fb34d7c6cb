/** Go's names of types as text: the parts of a registered name, and the part that a definition carries. */

/** Spellings of types that were not declared: `[]int`, `map[string]int`, `*int` below a pointer. */
const UNNAMED = /^(\[|map\[|struct \{|interface \{|func\(|chan )/;

/** Whether a registered name is Go's spelling of a type without a declared name. */
export const isUnnamed = (registered: string): boolean => UNNAMED.test(registered);

/**
 * The declared name in a registered one, with its short package: `p.T1` of `example.com/full/p.T1`
 * and of `*p.T1`. Empty for Go's spelling of an unnamed type.
 */
export function declaredName(registered: string): string {
  const name = registered.replace(/^\*+/, "");
  if (UNNAMED.test(name)) return "";
  // The arguments of a generic type keep their full paths, so only the part before them is cut.
  const bracket = name.indexOf("[");
  const head = bracket < 0 ? name : name.slice(0, bracket);
  return name.slice(head.lastIndexOf("/") + 1);
}

/** [GOB-12] The name in a definition: `T1` of `p.T1`. */
export function wireName(name: string): string {
  const bracket = name.indexOf("[");
  const head = bracket < 0 ? name : name.slice(0, bracket);
  return name.slice(head.indexOf(".") + 1);
}

/** The most characters of a peer's name in a text. Go's own names are shorter, but a peer can send anything. */
const MAX_NAME_CHARS = 200;

/** A peer's name of a type or a field, cut for a text. */
export const shortName = (name: string): string =>
  name.length > MAX_NAME_CHARS ? `${name.slice(0, MAX_NAME_CHARS)}…` : name;
