/** Which types have values that can take several messages. */
import type { TypeTable } from "./type-table.js";
import type { WireType } from "./wire-type.js";

/**
 * The answers found so far. A peer can define a long chain of types: walking it again for each value
 * would let small messages cost much time.
 */
const splits = new WeakMap<WireType, boolean>();

/**
 * [GOB-26] Whether a value of the type can go on in further messages. Only definitions in the middle of a value
 * end its message early, and only interfaces bring them.
 */
export function canSplit(types: TypeTable, root: WireType): boolean {
  const seen = new Set<WireType>();
  const queue = [root];
  let isComplete = true;
  for (let wire = queue.pop(); wire !== undefined; wire = queue.pop()) {
    const known = wire.kind === "interface" || splits.get(wire);
    if (known === true) {
      splits.set(root, true);
      return true;
    }
    if (known === false || seen.has(wire)) continue;
    seen.add(wire);
    for (const id of [wire.key, wire.elem, ...wire.fields.map((field) => field.id)]) {
      const part = types.get(id);
      if (part !== undefined) queue.push(part);
      // The part may be defined later, so this answer is not kept. An id of 0 means that there is no part.
      else if (id !== 0) isComplete = false;
    }
  }
  if (isComplete) for (const wire of seen) splits.set(wire, false);
  return false;
}
