/** What gob and the plain formats share about interfaces of known types [GOB-51]. */
import { fail } from "./failure.js";
import type { KnownTypes } from "./known.js";

/** A nil arrived, or nothing, where a value of one of the types has to be. */
export function failNilInterface({ types, go }: KnownTypes): never {
  const wanted = types.map(({ name }) => name).join(" or ");
  const text = `interface conversion: ${go || "interface {}"} is nil, not ${wanted}`;
  const facts = { typeName: wanted, got: "nil", reason: "nil" } as const;
  return fail("type-mismatch", `${text} (use optional where nil may come)`, facts);
}
