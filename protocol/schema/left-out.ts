/** Fields that a user must not leave out [GOB-49]. */
import { fail } from "./failure.js";
import type { KnownCodec } from "./known.js";

/**
 * Throws if a value of `schema` is required. The zero of a codec with an `absent` value could mean that nothing is
 * there, which only `optional` allows: what is lent has such a codec.
 */
export function refuseLeftOut({ absent }: KnownCodec): void {
  if (absent === undefined) return;
  fail("bad-value", "a value is required here; use optional where it may be left out");
}
