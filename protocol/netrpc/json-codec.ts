import { InputBuffer } from "../bytes/input.js";
import { ByteWriter } from "../bytes/writer.js";
import { CodecError } from "../errors.js";
import { parseJson, parseMembers } from "../json/parse.js";
import { jsonReader } from "../json/reader.js";
import { JsonScanner } from "../json/scanner.js";
import { JsonWriter } from "../json/writer.js";
import { plainDecoder } from "../plain/decode.js";
import { plainEncoder } from "../plain/encode.js";
import { rootName } from "../plain/fields.js";
import { DEFAULT_PLAIN_LIMITS, type PlainLimits } from "../plain/limits.js";
import { toCodecError } from "../plain/mismatch.js";
import { type AnySchema, string, uint } from "../schema/index.js";
import { bare } from "../schema/known.js";
import { type ClientCodec, type MessageReader, NEED_MORE, type ServerCodec } from "./codec.js";
import type { AnswerHeader, RequestHeader, ResponseHeader } from "./header.js";

export type JsonCodecOptions = Partial<PlainLimits>;

/** [NETRPC-22] One JSON object per message, read whole. */
abstract class JsonCodec implements MessageReader {
  readonly #input = new InputBuffer();
  readonly #scanner: JsonScanner;
  readonly #writer = new JsonWriter();
  readonly #lines = new ByteWriter();
  #isEnded = false;
  #isBroken = false;

  constructor(limits: JsonCodecOptions) {
    this.#scanner = new JsonScanner({ ...DEFAULT_PLAIN_LIMITS, ...limits });
  }

  get isBroken(): boolean {
    return this.#isBroken;
  }
  push(chunk: Uint8Array): void {
    this.#input.push(chunk);
  }
  retain(): void {
    this.#input.retain();
  }
  end(): void {
    this.#isEnded = true;
  }
  /** The body came with the header. */
  discardBody(): boolean {
    return true;
  }
  abstract readBody(schema: AnySchema, context: unknown, into?: unknown): unknown;

  /** The members of the next message by their names in lower case, as texts. */
  protected message(): Map<string, string> | typeof NEED_MORE {
    const { bytes, start, limit } = this.#input;
    try {
      const length = this.#scanner.scan(bytes, start, limit);
      if (length === undefined) return this.#needMore();
      this.#input.start += length;
      const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, length).toString();
      return new Map(Array.from(parseMembers(text), ([key, of]) => [key.toLowerCase(), of]));
    } catch (error) {
      this.#isBroken = true;
      throw error;
    }
  }

  /** @param text - undefined: the member is missing. */
  protected decode(
    schema: AnySchema,
    text: string | undefined,
    context?: unknown,
    into?: unknown,
  ): unknown {
    return this.convert(schema, text === undefined ? null : parseJson(text), context, into);
  }

  protected convert(schema: AnySchema, node: unknown, context?: unknown, into?: unknown): unknown {
    try {
      return plainDecoder(schema).read(jsonReader, node, context, into);
    } catch (error) {
      throw toCodecError(error, "json", rootName(schema));
    }
  }

  get pendingBytes(): number {
    return this.#lines.length;
  }
  take(): Uint8Array {
    return this.#lines.take();
  }
  protected append(text: string): void {
    this.#lines.raw(Buffer.from(`${text}\n`));
  }

  protected encode(schema: AnySchema, value: unknown, context: unknown): string {
    try {
      plainEncoder(schema).write(this.#writer, value, context);
      return this.#writer.take();
    } catch (error) {
      this.#writer.discard();
      throw toCodecError(error, "json", rootName(schema));
    }
  }

  #needMore(): typeof NEED_MORE {
    if (!this.#isEnded) return NEED_MORE;
    throw this.#scanner.isBetween
      ? new CodecError("eof", "EOF")
      : new CodecError("unexpected-eof", "unexpected EOF");
  }
}

const isNull = (text: string | undefined): boolean => text === undefined || text === "null";

class JsonClientCodec extends JsonCodec implements ClientCodec {
  #result: string | undefined;

  readHeader(): AnswerHeader | typeof NEED_MORE {
    const members = this.message();
    if (members === NEED_MORE) return NEED_MORE;
    this.#result = members.get("result");
    // Absent and null are 0, as in Go.
    const Seq = this.decode(uint({ as: "safe" }), members.get("id")) as number | bigint;
    return { Seq, Error: errorText(members.get("error")) };
  }
  readBody(schema: AnySchema, context: unknown, into?: unknown): unknown {
    return this.decode(schema, this.#result, context, into);
  }
  appendRequest(
    { ServiceMethod, Seq }: RequestHeader,
    schema: AnySchema,
    body: unknown,
    context: unknown,
  ) {
    const param = this.encode(schema, body, context);
    this.append(`{"method":${JSON.stringify(ServiceMethod)},"params":[${param}],"id":${Seq}}`);
  }
}

/** [NETRPC-24] Go knows texts only and shuts down for others; here they are the call's error. */
function errorText(text: string | undefined): string {
  if (text === undefined || text === "null") return "";
  const error = parseJson(text);
  if (typeof error === "string") return error === "" ? "unspecified error" : error;
  const message = error instanceof Map ? error.get("message") : undefined;
  return typeof message === "string" && message !== "" ? message : `invalid error ${text}`;
}

class JsonServerCodec extends JsonCodec implements ServerCodec {
  #params: string | undefined;
  /** The ids of the calls that run, as they came. Our Seq is a count, as in Go. */
  readonly #ids = new Map<RequestHeader["Seq"], string>();
  #nextSeq = 0;

  readHeader(): RequestHeader | typeof NEED_MORE {
    const members = this.message();
    if (members === NEED_MORE) return NEED_MORE;
    this.#params = members.get("params");
    const Seq = this.#nextSeq++;
    this.#ids.set(Seq, members.get("id") ?? "null");
    return { ServiceMethod: this.decode(string(), members.get("method")) as string, Seq };
  }

  /** [NETRPC-22] Exactly one argument counts; without any the method gets a zero. */
  readBody(schema: AnySchema, context: unknown): unknown {
    if (isNull(this.#params))
      throw new CodecError("corrupt", "jsonrpc: request body missing params");
    const params = parseJson(this.#params!);
    if (!Array.isArray(params)) {
      const kind = params instanceof Map ? "object" : typeof params;
      const text = `json: cannot unmarshal ${kind} into Go value of type [1]interface {}`;
      throw new CodecError("type-mismatch", text);
    }
    return this.convert(schema, params[0] ?? null, context);
  }

  appendResponse(header: ResponseHeader, schema: AnySchema, body: unknown, context: unknown) {
    const isError = header.Error !== "";
    const result = isError ? "null" : this.#encodeResult(schema, body, context);
    const id = this.#ids.get(header.Seq) ?? "null";
    this.#ids.delete(header.Seq);
    const error = isError ? JSON.stringify(header.Error) : "null";
    this.append(`{"id":${id},"result":${result},"error":${error}}`);
  }

  /** [NETRPC-24] Go's client shuts down at a null result: a nil reply is sent as a zero. */
  #encodeResult(schema: AnySchema, body: unknown, context: unknown): string {
    const result = this.encode(schema, body, context);
    return result === "null" ? zeroText(schema) : result;
  }
}

const ZEROS: Readonly<Record<string, string>> = {
  bool: "false",
  int: "0",
  uint: "0",
  float: "0",
  string: '""',
  bytes: '""',
  slice: "[]",
  array: "[]",
};

function zeroText(of: AnySchema): string {
  const schema = bare(of);
  if (schema.kind === "optional") return zeroText(schema.elem);
  if (schema.kind === "codec") return zeroText(schema.wire);
  if (schema.kind === "marshaler") return '"0001-01-01T00:00:00Z"';
  return ZEROS[schema.kind] ?? "{}";
}

/** Go's net/rpc/jsonrpc, client side. Go: `jsonrpc.NewClientCodec`. */
export const jsonClientCodec = (options: JsonCodecOptions = {}): ClientCodec =>
  new JsonClientCodec(options);

/** Go's net/rpc/jsonrpc, server side. Go: `jsonrpc.NewServerCodec`. */
export const jsonServerCodec = (options: JsonCodecOptions = {}): ServerCodec =>
  new JsonServerCodec(options);
