import type { TypeTable } from "../type/type-table.js";
import type { WireType } from "../type/wire-type.js";

/** What is known of types by {@link canSplit}: a peer could have a long chain of them walked each time. */
const splits = new WeakMap<WireType, boolean>();

/** [GOB-26] Only interfaces bring definitions in mid-value, and with them the end of a message. */
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
      // It may still be defined; 0 is no id.
      else if (id !== 0) isComplete = false;
    }
  }
  if (isComplete) for (const wire of seen) splits.set(wire, false);
  return false;
}
