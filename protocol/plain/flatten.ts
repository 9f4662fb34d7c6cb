/** [GOB-47] Structs with embedded ones, as Go's libraries for these formats see them: all fields stand side by side. */

import type { StructField } from "../schema/fields.js";
import { setKey } from "../schema/keys.js";
import type { KnownStruct } from "../schema/known.js";
import { embeddedStruct, type Selected, selectorsOf } from "../schema/selectors.js";
import { plainFields } from "./fields.js";

/** A field of a struct, or of one that it embeds. */
export interface FlatField {
  /** The embedded structs on the way to it, from the outside in. */
  readonly through: readonly StructField[];
  /** The field, which embeds nothing. */
  readonly field: StructField;
  /** Whether it is on the wire. A field that is less deep hides those of its name. */
  readonly isVisible: boolean;
  /** Whether another field of its name is as deep. encoding/json has neither of them, msgpack the first. */
  readonly isAmbiguous: boolean;
}

/** All fields, in the order in which Go has them. A struct that embeds itself stops at the second one. */
export function flatFields(root: KnownStruct): readonly FlatField[] {
  const selectors = selectorsOf(root);
  const flat: FlatField[] = [];
  const walk = (struct: KnownStruct, through: readonly StructField[], open: KnownStruct[]) => {
    for (const field of plainFields(struct)) {
      const inner = embeddedStruct(field);
      if (inner === undefined) flat.push(flatField(selectors.get(field.go), through, field));
      else if (!open.includes(inner)) walk(inner, [...through, field], [...open, inner]);
    }
  };
  walk(root, [], [root]);
  return flat;
}

function flatField(
  selected: Selected | undefined,
  through: readonly StructField[],
  field: StructField,
): FlatField {
  const isVisible =
    selected?.field === field && selected.through.every((of, i) => of === through[i]);
  return { through, field, isVisible, isAmbiguous: isVisible && selected.isAmbiguous };
}

/** The struct in which a field stands; undefined behind a nil pointer, or a struct that is missing. */
export function holderOf(value: object, through: readonly StructField[]): object | undefined {
  let holder: unknown = value;
  for (const { key } of through) {
    if (typeof holder !== "object" || holder === null || !Object.hasOwn(holder, key))
      return undefined;
    holder = Reflect.get(holder, key);
  }
  return typeof holder === "object" && holder !== null ? holder : undefined;
}

/** The same, and makes what is missing. @param isPointerMade - else undefined behind a pointer that is nil. */
export function makeHolder(
  value: object,
  through: readonly StructField[],
  isPointerMade: boolean,
): object | undefined {
  let holder = value;
  for (const field of through) {
    let next = holderOf(holder, [field]);
    if (next === undefined) {
      if (field.isOptional && !isPointerMade) return undefined;
      next = {};
      setKey(holder, field.key, next);
    }
    holder = next;
  }
  return holder;
}
