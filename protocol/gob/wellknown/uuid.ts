/** UUIDs of Go's common packages, which Go sends as 16 bytes. */
import { CodecError } from "../../errors.js";
import { type MarshalerSchema, marshaler } from "../../schema/index.js";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const ZERO = "00000000-0000-0000-0000-000000000000";

function encodeUuid(text: string): Uint8Array {
  if (typeof text !== "string" || !UUID.test(text)) {
    throw new CodecError("bad-value", `gob: not a UUID: ${JSON.stringify(text)}`);
  }
  return Uint8Array.from(Buffer.from(text.replaceAll("-", ""), "hex"));
}

function decodeUuid(bytes: Uint8Array): string {
  if (bytes.length !== 16) {
    throw new CodecError("corrupt", `gob: invalid UUID (got ${bytes.length} bytes)`);
  }
  const hex = Buffer.from(bytes).toString("hex");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

const schemas = new Map<string, MarshalerSchema<string, string>>();

/**
 * A UUID as text, of google/uuid or of another Go package whose `MarshalBinary` makes 16 bytes. A struct field with
 * the zero UUID is not sent.
 *
 * @param name - the registered name. Default: that of google/uuid. Others: `github.com/gofrs/uuid.UUID`.
 */
export function uuid(name = "github.com/google/uuid.UUID"): MarshalerSchema<string, string> {
  let schema = schemas.get(name);
  if (schema === undefined) {
    schema = marshaler({
      name,
      form: "binary",
      encode: encodeUuid,
      decode: decodeUuid,
      zero: () => ZERO,
      isZero: (value) => value === ZERO,
    });
    schemas.set(name, schema);
  }
  return schema;
}
