/** A type as large as those of real products: many struct types that refer to each other, as in a Kubernetes object. */
import * as s from "../../protocol/schema/index.js";

/** How many struct types a Kubernetes Rollout has. */
export const ROLLOUT_TYPES = 188;

/**
 * A new schema of `count` struct types: a tree, in which some types refer back to the root, to themselves or to a type
 * that others have as well.
 */
export function largeType(count: number): s.AnySchema {
  const types: s.AnySchema[] = [];
  const at = (i: number): s.AnySchema => s.lazy(() => types[i % count] as s.AnySchema);
  for (let i = 0; i < count; i++) {
    const fields: Record<string, s.AnySchema> = {
      Name: s.string(),
      Count: s.int(),
      Labels: s.map(s.string(), s.string()),
    };
    const children = [2 * i + 1, 2 * i + 2].filter((child) => child < count);
    for (const child of children) {
      fields[`One${child}`] = s.optional(at(child));
      fields[`List${child}`] = s.slice(at(child));
    }
    if (i % 5 === 0) fields.Root = s.optional(at(0));
    if (i % 7 === 0) fields.Self = s.slice(at(i));
    fields.Shared = s.optional(at(3));
    types.push(s.struct(`Type${i}`, fields));
  }
  return types[0] as s.AnySchema;
}

/** A value of it: a path through the tree. */
export function largeValue(count: number, i = 0): Record<string, unknown> {
  const value: Record<string, unknown> = { Name: `n${i}`, Count: i, Labels: new Map([["k", "v"]]) };
  for (const child of [2 * i + 1, 2 * i + 2].filter((of) => of < count)) value[`List${child}`] = [];
  if (i % 7 === 0) value.Self = [];
  const child = 2 * i + 2;
  if (child < count) value[`One${child}`] = largeValue(count, child);
  return value;
}
