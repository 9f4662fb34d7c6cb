/** Which schemas stand for one type in Go: two calls of `struct("Point", …)` make two schemas of one type. */
import type { GoType } from "./go-type.js";

/** Types of more parts are not compared. A peer can define such, and they are then equal to themselves only. */
const MAX_PAIRS = 20_000;
/** How much of an unnamed type its label says: `[][]Point` tells itself from `[][]Line`. */
const MAX_LABEL_DEPTH = 4;

/**
 * The parts of two types that are the same type in Go if the two are, as pairs. Undefined if they differ.
 *
 * Types can contain themselves. A pair that was met before is therefore taken for equal: if it is not, then some other
 * pair shows it.
 *
 * @param onPair - called for each pair that is looked at, to limit the work. Returning false ends it.
 */
export function equalParts(
  one: GoType,
  other: GoType,
  onPair: () => boolean,
): readonly (readonly [GoType, GoType])[] | undefined {
  const pairs: (readonly [GoType, GoType])[] = [];
  const met = new Map<GoType, Set<GoType>>();
  const meet = (a: GoType, b: GoType): void => {
    if (a === b) return;
    const partners = met.get(a);
    if (partners?.has(b) === true) return;
    if (partners === undefined) met.set(a, new Set([b]));
    else partners.add(b);
    pairs.push([a, b]);
  };
  meet(one, other);
  // The list grows while it is walked.
  for (const [a, b] of pairs) {
    if (pairs.length > MAX_PAIRS || !onPair() || ownLabel(a) !== ownLabel(b)) return undefined;
    for (const [i, field] of a.fields.entries()) meet(field.type, b.fields[i]?.type as GoType);
    if (a.key !== undefined && b.key !== undefined) meet(a.key, b.key);
    if (a.elem !== undefined && b.elem !== undefined) meet(a.elem, b.elem);
  }
  return pairs;
}

const labels = new WeakMap<GoType, string>();
const ownLabels = new WeakMap<GoType, string>();

/** A text that types share if they are the same in Go. Only a few others have it as well. */
export function labelOf(type: GoType): string {
  let label = labels.get(type);
  if (label === undefined) {
    label = deepLabel(type, MAX_LABEL_DEPTH);
    labels.set(type, label);
  }
  return label;
}

/** Declared types have a name, and structs have fields. Of other types the parts tell which they are. */
function deepLabel(type: GoType, depth: number): string {
  const label = ownLabel(type);
  if (type.name !== "" || depth === 0) return label;
  const parts = [type.key, type.elem].filter((part) => part !== undefined);
  return [label, ...parts.map((part) => deepLabel(part, depth - 1))].join(" of ");
}

/** A type without its parts: its kind, its name, which parts there are, and the names and kinds of its fields. */
function ownLabel(type: GoType): string {
  let label = ownLabels.get(type);
  if (label === undefined) {
    const fields = type.fields.map((field) => `${field.name} ${field.type.kind}`);
    const parts = `${type.key === undefined ? "" : "k"}${type.elem === undefined ? "" : "e"}`;
    label = `${type.kind}${type.form}${type.length}${parts} ${type.basic} ${type.name}(${fields.join()})`;
    ownLabels.set(type, label);
  }
  return label;
}
