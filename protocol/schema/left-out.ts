/** Fields that a user must not leave out [GOB-49]. */
import { fail } from "./failure.js";

/**
 * Throws if a value of `schema` is required. The zero of a schema with an `absent` value could mean that nothing is
 * there, which only `optional` allows: what is lent has such a codec, and so have interfaces of known types.
 */
export function refuseLeftOut({ absent }: { readonly absent?: unknown }): void {
  if (absent === undefined) return;
  fail("bad-value", "a value is required here; use optional where it may be left out");
}
