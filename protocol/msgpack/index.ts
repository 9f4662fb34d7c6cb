/** What users of the msgpack codecs need: dialects and options. */
export { GO_MSGPACK_V1, GO_MSGPACK_V2, type MsgpackDialect, UGORJI } from "./dialect.js";
export type { MsgpackOptions } from "./stream.js";
