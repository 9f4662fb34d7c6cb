/** The timestamp extension, for @msgpack/msgpack. */
import { ExtensionCodec } from "@msgpack/msgpack";
import { CodecError } from "../errors.js";
import { decodeTimestamp, encodeTimestamp, Timestamp } from "./timestamp.js";

const TIMESTAMP_TYPE = -1;

/**
 * In place of the library's own, which makes Dates and loses nanoseconds. In a file of its own, because its
 * type is the library's: published declarations that refer to it would ask our users for the DOM's types.
 */
export const extensions = new ExtensionCodec();
extensions.register({
  type: TIMESTAMP_TYPE,
  encode: (value) => (value instanceof Timestamp ? encodeTimestamp(value) : null),
  decode: (bytes) => {
    const time = decodeTimestamp(bytes);
    if (time === undefined) throw new CodecError("corrupt", `timestamp of ${bytes.length} bytes`);
    return time;
  },
});
