import { Decoder, type DecoderOptions } from "../gob/decoder.js";
import { Encoder, type EncoderOptions } from "../gob/encoder.js";
import { Registry } from "../gob/registry.js";
import type { AnySchema } from "../schema/index.js";
import type { ClientCodec, NEED_MORE, ServerCodec } from "./codec.js";
import {
  type AnswerHeader,
  answerHeader,
  type RequestHeader,
  type ResponseHeader,
  requestHeader,
  responseHeader,
} from "./header.js";

export interface GobCodecOptions {
  /** Names of the types behind interfaces, in both directions. Default: the predeclared types only. */
  readonly registry?: Registry | undefined;
  readonly encoder?: EncoderOptions;
  readonly decoder?: DecoderOptions;
}

/** One gob stream per direction for the life of the connection [NETRPC-1]. */
class GobCodec {
  readonly #encoder: Encoder;
  protected readonly decoder: Decoder;

  constructor(options: GobCodecOptions) {
    const { registry = new Registry() } = options;
    this.#encoder = new Encoder({ registry, ...options.encoder });
    this.decoder = new Decoder({ registry, ...options.decoder });
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
    return this.decoder.tryDecode(schema, into as never, context);
  }
  discardBody(): boolean {
    return this.decoder.trySkip();
  }

  get pendingBytes(): number {
    return this.#encoder.pendingBytes;
  }
  take(): Uint8Array {
    return this.#encoder.take();
  }
  recycle(taken: Uint8Array): void {
    this.#encoder.recycle(taken);
  }

  /** [NETRPC-12] Both values, or neither and no definitions remembered. */
  protected append(
    headerSchema: AnySchema,
    header: unknown,
    bodySchema: AnySchema,
    body: unknown,
    context: unknown,
  ): void {
    const encoder = this.#encoder;
    const { pendingBytes, sentTypes } = encoder;
    try {
      encoder.append(headerSchema, header as never);
      encoder.append(bodySchema, body as never, context);
    } catch (error) {
      encoder.rollback(pendingBytes, sentTypes);
      throw error;
    }
  }
}

class GobClientCodec extends GobCodec implements ClientCodec {
  readHeader(): AnswerHeader | typeof NEED_MORE {
    return this.decoder.tryDecode(answerHeader);
  }
  appendRequest(header: RequestHeader, schema: AnySchema, body: unknown, context: unknown) {
    this.append(requestHeader, header, schema, body, context);
  }
}

class GobServerCodec extends GobCodec implements ServerCodec {
  readHeader(): RequestHeader | typeof NEED_MORE {
    return this.decoder.tryDecode(requestHeader);
  }
  appendResponse(header: ResponseHeader, schema: AnySchema, body: unknown, context: unknown) {
    this.append(responseHeader, header, schema, body, context);
  }
}

/** net/rpc's own codec, client side. */
export const gobClientCodec = (options: GobCodecOptions = {}): ClientCodec =>
  new GobClientCodec(options);

/** net/rpc's own codec, server side. */
export const gobServerCodec = (options: GobCodecOptions = {}): ServerCodec =>
  new GobServerCodec(options);
