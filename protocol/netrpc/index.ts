/** The public names of net/rpc, for `goplug/netrpc` and the layers above. */
export {
  GO_MSGPACK_V1,
  GO_MSGPACK_V2,
  type MsgpackDialect,
  type MsgpackOptions,
  UGORJI,
} from "../msgpack/index.js";
export type { PlainLimits } from "../plain/limits.js";
export type { CallScope } from "./call-scope.js";
export { caller } from "./caller.js";
export { type CallEnd, type ExplainFailure, RpcClient, type RpcClientOptions } from "./client.js";
export type { ClientCodec, MessageReader, MessageWriter, ServerCodec } from "./codec.js";
export type {
  CallContext,
  Caller,
  CallOptions,
  Implementation,
  Method,
  MethodCallOptions,
  Methods,
} from "./contract.js";
export { type GobCodecOptions, gobClientCodec, gobServerCodec } from "./gob-codec.js";
export type { AnswerHeader, RequestHeader, ResponseHeader, Seq } from "./header.js";
export { type JsonCodecOptions, jsonClientCodec, jsonServerCodec } from "./json-codec.js";
export { msgpackClientCodec, msgpackServerCodec } from "./msgpack-codec.js";
export { msgpackSpecClientCodec, msgpackSpecServerCodec } from "./msgpack-spec-codec.js";
export { RpcServer } from "./server.js";
export type { OnHandlerError, ServeConnOptions } from "./server-conn.js";
export { type Service, type ServiceMethod, service } from "./service.js";
