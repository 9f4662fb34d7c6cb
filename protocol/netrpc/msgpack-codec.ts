import { CodecError } from "../errors.js";
import { MsgpackDecoder, MsgpackEncoder, type MsgpackOptions } from "../msgpack/stream.js";
import type { AnySchema } from "../schema/index.js";
import { type ClientCodec, type MessageReader, NEED_MORE, type ServerCodec } from "./codec.js";
import {
  type AnswerHeader,
  answerHeader,
  type RequestHeader,
  type ResponseHeader,
  requestHeader,
  responseHeader,
} from "./header.js";

/**
 * [NETRPC-17] Header and body as two values back to back. As values end by themselves, a body that
 * does not fit concerns its call alone, unlike in Go; only what is no msgpack ends the connection.
 */
class MsgpackCodec implements MessageReader {
  readonly #encoder: MsgpackEncoder;
  protected readonly decoder: MsgpackDecoder;

  constructor(options: MsgpackOptions) {
    this.#encoder = new MsgpackEncoder(options);
    this.decoder = new MsgpackDecoder(options);
  }

  get isBroken(): boolean {
    return this.decoder.isBroken;
  }
  push(chunk: Uint8Array): void {
    this.decoder.push(chunk);
  }
  retain(): void {
    this.decoder.retain();
  }
  end(): void {
    this.decoder.end();
  }
  readBody(schema: AnySchema, context: unknown, into?: unknown): unknown | typeof NEED_MORE {
    const bytes = this.decoder.take();
    return bytes === undefined ? NEED_MORE : this.decoder.decode(schema, bytes, context, into);
  }
  discardBody(): boolean {
    return this.decoder.take() !== undefined;
  }

  protected header<H>(schema: AnySchema): H | typeof NEED_MORE {
    const bytes = this.decoder.take();
    if (bytes === undefined) return NEED_MORE;
    const node = this.decoder.parse(bytes);
    if (node === null) throw new CodecError("corrupt", "msgpack: header is nil");
    return this.decoder.convert(schema, node) as H;
  }

  get pendingBytes(): number {
    return this.#encoder.writer.length;
  }
  take(): Uint8Array {
    return this.#encoder.writer.take();
  }

  /** [NETRPC-12] */
  protected append(
    headerSchema: AnySchema,
    header: unknown,
    bodySchema: AnySchema,
    body: unknown,
    context: unknown,
  ): void {
    const { writer } = this.#encoder;
    const { length } = writer;
    try {
      this.#encoder.append(headerSchema, header);
      this.#encoder.append(bodySchema, body, context);
    } catch (error) {
      writer.truncate(length);
      throw error;
    }
  }
}

class MsgpackClientCodec extends MsgpackCodec implements ClientCodec {
  readHeader(): AnswerHeader | typeof NEED_MORE {
    return this.header(answerHeader);
  }
  appendRequest(header: RequestHeader, schema: AnySchema, body: unknown, context: unknown) {
    this.append(requestHeader, header, schema, body, context);
  }
}

class MsgpackServerCodec extends MsgpackCodec implements ServerCodec {
  readHeader(): RequestHeader | typeof NEED_MORE {
    return this.header(requestHeader);
  }
  appendResponse(header: ResponseHeader, schema: AnySchema, body: unknown, context: unknown) {
    this.append(responseHeader, header, schema, body, context);
  }
}

/** net/rpc in msgpack, client side. Go: `codec.GoRpc`, `msgpackrpc.NewClientCodec`. */
export const msgpackClientCodec = (options: MsgpackOptions = {}): ClientCodec =>
  new MsgpackClientCodec(options);

/** net/rpc in msgpack, server side. Go: `codec.GoRpc`, `msgpackrpc.NewServerCodec`. */
export const msgpackServerCodec = (options: MsgpackOptions = {}): ServerCodec =>
  new MsgpackServerCodec(options);
