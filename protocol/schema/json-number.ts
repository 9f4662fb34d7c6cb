/** Go's `json.Number`: a number as its text. */
import { type NamedSchema, named } from "./named.js";
import type { StringSchema } from "./scalar.js";

const JSON_NUMBER: NamedSchema<StringSchema> = named("encoding/json.Number", {
  kind: "string",
  isNumber: true,
});

/**
 * Go `json.Number`: the text of a number with all its digits, such as `"1.0"` or one of a hundred digits. In JSON it is a
 * number, in gob and msgpack a string.
 */
export const jsonNumber = (): NamedSchema<StringSchema> => JSON_NUMBER;
