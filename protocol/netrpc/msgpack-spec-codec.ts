/**
 * Calls in msgpack-rpc, as its specification has them: one array of four per message [NETRPC-21]. The array
 * is read whole, so its body is at hand when the header is.
 */
import { NEED_MORE } from "../bytes/need-more.js";
import { CodecError } from "../errors.js";
import { MsgpackDecoder, MsgpackEncoder, type MsgpackOptions } from "../msgpack/stream.js";
import { type AnySchema, string, uint32 } from "../schema/index.js";
import type { ClientCodec, ServerCodec } from "./codec.js";
import type { AnswerHeader, RequestHeader, ResponseHeader } from "./header.js";
import { StreamCodec } from "./stream-codec.js";

/** A codec for msgpack-rpc, client side, for up to 2^32 calls. Go: `codec.MsgpackSpecRpc`. */
export const msgpackSpecClientCodec = (options: MsgpackOptions = {}): ClientCodec =>
  new SpecClientCodec(options);

/** A codec for msgpack-rpc, server side. Go: `codec.MsgpackSpecRpc`. */
export const msgpackSpecServerCodec = (options: MsgpackOptions = {}): ServerCodec =>
  new SpecServerCodec(options);

const REQUEST = 0;
const RESPONSE = 1;
const ARRAY_OF_FOUR = 0x94;
const SEQ = uint32();
const TEXT = string();

/** What both sides share; each has its own parts behind the number of the call. */
abstract class SpecCodec<H extends RequestHeader> extends StreamCodec<
  MsgpackDecoder,
  MsgpackEncoder
> {
  /** Of the message whose header was read last. */
  protected body: unknown = null;

  constructor(options: MsgpackOptions) {
    super(new MsgpackDecoder(options), new MsgpackEncoder(options));
  }

  readBody(schema: AnySchema, context: unknown, into?: unknown): unknown {
    return this.input.convert(schema, this.body, context, into);
  }
  discardBody(): boolean {
    return true;
  }

  /** The four parts of the next message, unconverted. */
  protected message(type: number): unknown[] | typeof NEED_MORE {
    const bytes = this.input.take();
    if (bytes === undefined) return NEED_MORE;
    const parts = bytes[0] === ARRAY_OF_FOUR ? (this.input.parse(bytes) as unknown[]) : [];
    if (parts[0] === type) return parts;
    const text = `msgpack: not a message of type ${type} in an array of four`;
    return this.input.break(new CodecError("corrupt", text));
  }
  protected seq(part: unknown): number {
    return this.input.convert(SEQ, part) as number;
  }
  protected text(part: unknown): string {
    return this.input.convert(TEXT, part) as string;
  }

  /** [NETRPC-12] The whole message, or nothing of it. */
  protected append(
    type: number,
    header: H,
    schema: AnySchema,
    body: unknown,
    context: unknown,
  ): void {
    const { output } = this;
    const { pendingBytes } = output;
    try {
      output.writer.openArray(4);
      output.writer.int(type, false);
      output.append(SEQ, header.Seq);
      this.appendParts(header, schema, body, context);
    } catch (error) {
      output.rollback(pendingBytes);
      throw error;
    }
  }

  /** Appends the third and the fourth part. */
  protected abstract appendParts(
    header: H,
    schema: AnySchema,
    body: unknown,
    context: unknown,
  ): void;
}

/** Out `[0, seq, method, [arg]]`, in `[1, seq, error or nil, result]`. */
class SpecClientCodec extends SpecCodec<RequestHeader> implements ClientCodec {
  readHeader(): AnswerHeader | typeof NEED_MORE {
    const parts = this.message(RESPONSE);
    if (parts === NEED_MORE) return NEED_MORE;
    const [, seq, error, result] = parts;
    this.body = result;
    return { Seq: this.seq(seq), Error: this.text(error) };
  }
  appendRequest(header: RequestHeader, schema: AnySchema, body: unknown, context: unknown): void {
    this.append(REQUEST, header, schema, body, context);
  }
  protected appendParts(
    { ServiceMethod }: RequestHeader,
    schema: AnySchema,
    body: unknown,
    context: unknown,
  ): void {
    this.output.writer.string(ServiceMethod);
    this.output.writer.openArray(1);
    this.output.append(schema, body, context);
  }
}

/** In `[0, seq, method, [arg]]`, out `[1, seq, error or nil, result]`. */
class SpecServerCodec extends SpecCodec<ResponseHeader> implements ServerCodec {
  readHeader(): RequestHeader | typeof NEED_MORE {
    const parts = this.message(REQUEST);
    if (parts === NEED_MORE) return NEED_MORE;
    const [, seq, method, params] = parts;
    // Go sends one parameter, unless its caller gave a list of them.
    this.body = Array.isArray(params) ? (params[0] ?? null) : params;
    const Seq = this.seq(seq);
    return { ServiceMethod: this.text(method), Seq };
  }
  appendResponse(header: ResponseHeader, schema: AnySchema, body: unknown, context: unknown): void {
    this.append(RESPONSE, header, schema, body, context);
  }
  protected appendParts(
    { Error: error }: ResponseHeader,
    schema: AnySchema,
    body: unknown,
    context: unknown,
  ): void {
    const { writer } = this.output;
    if (error === "") {
      writer.nil();
      this.output.append(schema, body, context);
    } else {
      writer.string(error);
      writer.nil();
    }
  }
}
