import { CodecError } from "../errors.js";
import { MsgpackDecoder, MsgpackEncoder, type MsgpackOptions } from "../msgpack/stream.js";
import { type AnySchema, string, uint32 } from "../schema/index.js";
import { type ClientCodec, type MessageReader, NEED_MORE, type ServerCodec } from "./codec.js";
import type { AnswerHeader, RequestHeader, ResponseHeader } from "./header.js";

const REQUEST = 0;
const RESPONSE = 1;
const ARRAY_OF_FOUR = 0x94;

/** [NETRPC-21] One array of four per message: `[0, seq, method, [arg]]`, `[1, seq, error, result]`. */
class MsgpackSpecCodec implements MessageReader {
  readonly #encoder: MsgpackEncoder;
  readonly #decoder: MsgpackDecoder;
  /** Of the message whose header was read last. */
  #body: unknown = null;
  #isBroken = false;

  constructor(options: MsgpackOptions) {
    this.#encoder = new MsgpackEncoder(options);
    this.#decoder = new MsgpackDecoder(options);
  }

  get isBroken(): boolean {
    return this.#isBroken || this.#decoder.isBroken;
  }
  push(chunk: Uint8Array): void {
    this.#decoder.push(chunk);
  }
  retain(): void {
    this.#decoder.retain();
  }
  end(): void {
    this.#decoder.end();
  }
  readBody(schema: AnySchema, context: unknown, into?: unknown): unknown {
    return this.#decoder.convert(schema, this.#body, context, into);
  }
  discardBody(): boolean {
    return true;
  }

  /** Its two middle parts; the last is kept for {@link readBody}. */
  protected message(type: number): readonly [seq: number, third: unknown] | typeof NEED_MORE {
    const bytes = this.#decoder.take();
    if (bytes === undefined) return NEED_MORE;
    const parts = bytes[0] === ARRAY_OF_FOUR ? (this.#decoder.parse(bytes) as unknown[]) : [];
    if (parts[0] !== type) {
      this.#isBroken = true;
      throw new CodecError("corrupt", `msgpack: not a message of type ${type} in an array of four`);
    }
    this.#body = this.#bodyOf(type, parts[3]);
    return [this.#decoder.convert(uint32(), parts[1]) as number, parts[2]];
  }

  /** Go sends one parameter, unless its caller gave a list of them. */
  #bodyOf(type: number, part: unknown): unknown {
    if (type === RESPONSE) return part;
    return Array.isArray(part) ? (part[0] ?? null) : part;
  }

  protected text(node: unknown): string {
    return this.#decoder.convert(string(), node) as string;
  }

  get pendingBytes(): number {
    return this.#encoder.writer.length;
  }
  take(): Uint8Array {
    return this.#encoder.writer.take();
  }

  /** [NETRPC-12] */
  protected append(
    head: readonly [type: number, seq: RequestHeader["Seq"], text: string | undefined],
    schema: AnySchema | undefined,
    body: unknown,
    context: unknown,
  ): void {
    const { writer } = this.#encoder;
    const { length } = writer;
    const [type, seq, text] = head;
    try {
      writer.openArray(4);
      writer.int(type);
      this.#encoder.append(uint32(), seq);
      if (text === undefined) writer.nil();
      else writer.string(text);
      if (type === REQUEST) writer.openArray(1);
      if (schema === undefined) writer.nil();
      else this.#encoder.append(schema, body, context);
    } catch (error) {
      writer.truncate(length);
      throw error;
    }
  }
}

class ClientSpecCodec extends MsgpackSpecCodec implements ClientCodec {
  readHeader(): AnswerHeader | typeof NEED_MORE {
    const message = this.message(RESPONSE);
    if (message === NEED_MORE) return NEED_MORE;
    const [Seq, error] = message;
    return { Seq, Error: this.text(error) };
  }
  appendRequest(
    { ServiceMethod, Seq }: RequestHeader,
    schema: AnySchema,
    body: unknown,
    context: unknown,
  ) {
    this.append([REQUEST, Seq, ServiceMethod], schema, body, context);
  }
}

class ServerSpecCodec extends MsgpackSpecCodec implements ServerCodec {
  readHeader(): RequestHeader | typeof NEED_MORE {
    const message = this.message(REQUEST);
    if (message === NEED_MORE) return NEED_MORE;
    const [Seq, method] = message;
    return { ServiceMethod: this.text(method), Seq };
  }
  appendResponse(header: ResponseHeader, schema: AnySchema, body: unknown, context: unknown) {
    const isError = header.Error !== "";
    const head = [RESPONSE, header.Seq, isError ? header.Error : undefined] as const;
    this.append(head, isError ? undefined : schema, body, context);
  }
}

/** msgpack-rpc as its specification has it, client side; 2^32 calls. Go: `codec.MsgpackSpecRpc`. */
export const msgpackSpecClientCodec = (options: MsgpackOptions = {}): ClientCodec =>
  new ClientSpecCodec(options);

/** msgpack-rpc as its specification has it, server side. Go: `codec.MsgpackSpecRpc`. */
export const msgpackSpecServerCodec = (options: MsgpackOptions = {}): ServerCodec =>
  new ServerSpecCodec(options);
