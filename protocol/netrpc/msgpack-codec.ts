/** Calls in msgpack, as HashiCorp's tools other than go-plugin make them. */
import { CodecError } from "../errors.js";
import { MsgpackDecoder, MsgpackEncoder, type MsgpackOptions } from "../msgpack/stream.js";
import type { AnySchema } from "../schema/index.js";
import type { ClientCodec, ServerCodec } from "./codec.js";
import { answerHeader, requestHeader } from "./header.js";
import { PairClientCodec, PairServerCodec } from "./pair-codec.js";

/** A codec for net/rpc in msgpack, client side. Go: `codec.GoRpc`, `msgpackrpc.NewClientCodec`. */
export const msgpackClientCodec = (options: MsgpackOptions = {}): ClientCodec =>
  new PairClientCodec(new HeaderDecoder(options), new MsgpackEncoder(options));

/** A codec for net/rpc in msgpack, server side. Go: `codec.GoRpc`, `msgpackrpc.NewServerCodec`. */
export const msgpackServerCodec = (options: MsgpackOptions = {}): ServerCodec =>
  new PairServerCodec(new HeaderDecoder(options), new MsgpackEncoder(options));

/**
 * [NETRPC-17] [NETRPC-18] Any body may be nil, which is its zero value. A header may not: Go's libraries
 * write all its fields, so a nil in its place shows that the stream is out of step.
 */
class HeaderDecoder extends MsgpackDecoder {
  override convert(schema: AnySchema, node: unknown, context?: unknown, into?: unknown): unknown {
    if (node === null && (schema === requestHeader || schema === answerHeader)) {
      throw new CodecError("corrupt", "msgpack: header is nil");
    }
    return super.convert(schema, node, context, into);
  }
}
