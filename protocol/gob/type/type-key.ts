/** Which schemas stand for one type in Go: two calls of `struct("Point", …)` make two schemas of one type. */
import type { GoType } from "./go-type.js";

/** A type of more parts is not compared with others: the text would cost too much. */
const MAX_KEY_PARTS = 500;

/**
 * A text that two nodes share if they are the same type in Go.
 *
 * It spells the type with all its parts. A declared type is spelled where it is met first and called by a
 * number (`#2`) from then on. An unnamed type can contain itself as well, because schemas have lazy references: it
 * is called by how many levels up it began (`^3`). Such a reference never leads out of the innermost declared
 * type around it. Otherwise a declared type would be spelled differently depending on whether the unnamed type
 * around it is the same schema as the one inside it or only an equal one.
 *
 * Undefined for a type with too many parts, which a peer can define. It is then equal to itself only.
 */
export function typeKey(root: GoType): string | undefined {
  /** The numbers of declared types, by label: in Go a name stands for one type. */
  const seen = new Map<string, number>();
  /** The types around the one being spelled, with their depth. */
  const open = new Map<GoType, number>();
  let parts = 0;
  /** @param from - the depth at which the parts of the innermost declared type begin. */
  const spellOut = (type: GoType, depth: number, from: number): string => {
    if (type.basic !== "" || type.kind === "interface" || type.kind === "bytes") {
      return `${type.kind} ${type.name}`;
    }
    const label = labelOf(type);
    const isDeclared = type.name !== "";
    const known = isDeclared ? seen.get(label) : undefined;
    if (known !== undefined) return `#${known}`;
    const before = open.get(type);
    if (before !== undefined && before >= from) return `^${depth - before}`;
    if (++parts > MAX_KEY_PARTS) return "";
    if (isDeclared) seen.set(label, seen.size);
    open.set(type, depth);
    const part = (of: GoType) => spellOut(of, depth + 1, isDeclared ? depth + 1 : from);
    const inner = type.fields.map((field) => part(field.type));
    if (type.key !== undefined) inner.push(part(type.key));
    if (type.elem !== undefined) inner.push(part(type.elem));
    if (before === undefined) open.delete(type);
    else open.set(type, before);
    return `${label}{${inner.join(";")}}`;
  };
  const key = spellOut(root, 0, 0);
  return parts > MAX_KEY_PARTS ? undefined : key;
}

const labels = new WeakMap<GoType, string>();

/** A type without its parts: its kind, its name, and the names and kinds of its fields. */
function labelOf(type: GoType): string {
  let label = labels.get(type);
  if (label === undefined) {
    const fields = type.fields.map((field) => `${field.name} ${field.type.kind}`);
    label = `${type.kind}${type.form}${type.length} ${type.name}(${fields.join()})`;
    labels.set(type, label);
  }
  return label;
}
