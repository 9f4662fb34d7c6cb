/** Go's `json.RawMessage`. */
import { CodecError } from "../../errors.js";
import { bytes, type CodecSchema, codec, type NamedSchema, named } from "../../schema/index.js";

const RAW_MESSAGE = named(
  "encoding/json.RawMessage",
  codec({ wire: bytes(), encode: stringify, decode: parse }),
);

function stringify(value: unknown): Uint8Array {
  // Go's nil. The text `null` is another value.
  if (value === undefined) return new Uint8Array(0);
  const text: string | undefined = JSON.stringify(value);
  if (text === undefined) throw new CodecError("bad-value", "gob: value has no form in JSON");
  return Buffer.from(text);
}

function parse(json: Uint8Array): unknown {
  return json.length === 0 ? undefined : JSON.parse(Buffer.from(json).toString());
}

/** Go `json.RawMessage` as the value that its text stands for; undefined is nil. To get the text itself use `bytes()`. */
export const rawMessage = (): NamedSchema<CodecSchema<unknown, unknown>> => RAW_MESSAGE;
