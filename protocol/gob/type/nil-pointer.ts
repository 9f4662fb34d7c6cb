/** Which values of `optional` are nil pointers [GOB-52]. */
import type { AnySchema } from "../../schema/index.js";
import type { BareSchema, KnownMarshaler } from "../../schema/known.js";
import { belowPointers } from "./go-type.js";

/**
 * Whether `value` is a nil pointer and not a pointer to a nil. `undefined` always is. `null` is none if the pointer
 * points to an interface, whose nil it is.
 *
 * @param elem - the type that the pointer points to.
 */
export const isNilPointer = (elem: AnySchema, value: unknown): boolean =>
  value === undefined || (value === null && !pointsToInterface(elem));

/** Whether there is an interface below pointers and codecs. */
export function pointsToInterface(elem: AnySchema): boolean {
  let target: BareSchema = belowPointers(elem);
  for (let hops = 0; target.kind === "codec" && hops < 100; hops++)
    target = belowPointers(target.wire);
  return target.kind === "interface";
}

const nilZeros = new WeakMap<KnownMarshaler, boolean>();

/** Whether the zero of a user's marshaler is `undefined` or `null` in JavaScript. It is a value then, like any other. */
export function hasNilZero(schema: KnownMarshaler): boolean {
  let isNil = nilZeros.get(schema);
  if (isNil === undefined) {
    isNil = (schema.zero() ?? null) === null;
    nilZeros.set(schema, isNil);
  }
  return isNil;
}
