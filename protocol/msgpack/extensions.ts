import { ExtensionCodec } from "@msgpack/msgpack";
import { CodecError } from "../errors.js";
import { decodeTimestamp, encodeTimestamp, Timestamp } from "./timestamp.js";

const TIMESTAMP_TYPE = -1;

/**
 * The library's own would make Dates and lose nanoseconds. In a file of its own, so that our published
 * declarations don't lead to the library's, which ask for the DOM's types.
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
