/** Calls in JSON-RPC 1.0, as Go's net/rpc/jsonrpc makes them: one object per message [NETRPC-22]. */
import { NEED_MORE } from "../bytes/need-more.js";
import { CodecError } from "../errors.js";
import { parseJson } from "../json/parse.js";
import { JsonDecoder, JsonEncoder } from "../json/stream.js";
import { zeroText } from "../json/zero.js";
import type { PlainLimits } from "../plain/limits.js";
import { type AnySchema, string, uint } from "../schema/index.js";
import type { ClientCodec, ServerCodec } from "./codec.js";
import type { AnswerHeader, RequestHeader, ResponseHeader, Seq } from "./header.js";
import { StreamCodec } from "./stream-codec.js";

/** Limits of what a peer may send; a message past one of them ends the connection. */
export type JsonCodecOptions = Partial<PlainLimits>;

/** A codec for JSON-RPC, client side. Go: `jsonrpc.NewClientCodec`. */
export const jsonClientCodec = (options: JsonCodecOptions = {}): ClientCodec =>
  new JsonClientCodec(options);

/** A codec for JSON-RPC, server side. Go: `jsonrpc.NewServerCodec`. */
export const jsonServerCodec = (options: JsonCodecOptions = {}): ServerCodec =>
  new JsonServerCodec(options);

const SEQ = uint({ as: "safe" });
const METHOD = string();

abstract class JsonCodec extends StreamCodec<JsonDecoder, JsonEncoder> {
  /** `result` or `params` of the message whose header was read last, unparsed. */
  protected body: string | undefined;

  constructor(limits: JsonCodecOptions) {
    super(new JsonDecoder(limits), new JsonEncoder());
  }

  /** The body came with the header. */
  discardBody(): boolean {
    return true;
  }
}

class JsonClientCodec extends JsonCodec implements ClientCodec {
  readHeader(): AnswerHeader | typeof NEED_MORE {
    const members = this.input.tryMembers();
    if (members === NEED_MORE) return NEED_MORE;
    this.body = members.get("result");
    // Absent and null are 0, as in Go.
    const Seq = this.input.parse(SEQ, members.get("id")) as Seq;
    return { Seq, Error: errorText(members.get("error")) };
  }
  readBody(schema: AnySchema, context: unknown, into?: unknown): unknown {
    return this.input.parse(schema, this.body, context, into);
  }
  appendRequest(
    { ServiceMethod, Seq }: RequestHeader,
    schema: AnySchema,
    body: unknown,
    context: unknown,
  ): void {
    const param = this.output.format(schema, body, context);
    const method = JSON.stringify(ServiceMethod);
    this.output.appendLine(`{"method":${method},"params":[${param}],"id":${Seq}}`);
  }
}

/** [NETRPC-24] A Go client shuts down at an error that is not a string; here it is the call's error. */
function errorText(text: string | undefined): string {
  if (isNull(text)) return "";
  const error = parseJson(text);
  if (typeof error === "string") return error === "" ? "unspecified error" : error;
  const message = error instanceof Map ? error.get("message") : undefined;
  return typeof message === "string" && message !== "" ? message : `invalid error ${text}`;
}

const isNull = (text: string | undefined): text is undefined | "null" =>
  text === undefined || text === "null";

class JsonServerCodec extends JsonCodec implements ServerCodec {
  /**
   * The ids of the running calls, as the peer wrote them: an id may be any JSON value and goes back
   * unchanged. `Seq` is a count of our own, as in Go.
   */
  readonly #ids = new Map<Seq, string>();
  #nextSeq = 0;

  readHeader(): RequestHeader | typeof NEED_MORE {
    const members = this.input.tryMembers();
    if (members === NEED_MORE) return NEED_MORE;
    this.body = members.get("params");
    const Seq = this.#nextSeq++;
    this.#ids.set(Seq, members.get("id") ?? "null");
    return { ServiceMethod: this.input.parse(METHOD, members.get("method")) as string, Seq };
  }

  /** [NETRPC-22] The first element is the argument. In an empty array the method gets a zero value. */
  readBody(schema: AnySchema, context: unknown): unknown {
    if (isNull(this.body)) {
      throw new CodecError("corrupt", "jsonrpc: request body missing params");
    }
    const params = parseJson(this.body);
    if (!Array.isArray(params)) {
      const kind = params instanceof Map ? "object" : typeof params;
      const text = `json: cannot unmarshal ${kind} into Go value of type [1]interface {}`;
      throw new CodecError("type-mismatch", text);
    }
    return this.input.convert(schema, params[0] ?? null, context);
  }

  appendResponse(header: ResponseHeader, schema: AnySchema, body: unknown, context: unknown): void {
    const isError = header.Error !== "";
    const result = isError ? "null" : this.#formatResult(schema, body, context);
    const error = isError ? JSON.stringify(header.Error) : "null";
    const id = this.#ids.get(header.Seq) ?? "null";
    this.#ids.delete(header.Seq);
    this.output.appendLine(`{"id":${id},"result":${result},"error":${error}}`);
  }

  /** [NETRPC-24] A Go client shuts down at a null result, thus a nil reply is sent as a zero value. */
  #formatResult(schema: AnySchema, body: unknown, context: unknown): string {
    const result = this.output.format(schema, body, context);
    return result === "null" ? zeroText(schema) : result;
  }
}
