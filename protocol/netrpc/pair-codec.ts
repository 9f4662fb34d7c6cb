/**
 * The layout of gob and msgpack: header and body are two values back to back, with nothing around the pair
 * [NETRPC-1] [NETRPC-17].
 */
import type { NEED_MORE } from "../bytes/need-more.js";
import type { AnySchema } from "../schema/index.js";
import type { ClientCodec, ServerCodec } from "./codec.js";
import {
  type AnswerHeader,
  answerHeader,
  type RequestHeader,
  type ResponseHeader,
  requestHeader,
  responseHeader,
} from "./header.js";
import { type InputStream, type OutputStream, StreamCodec } from "./stream-codec.js";

/** A format whose values end by themselves, as gob's `Decoder` reads it. */
export interface ValueReader extends InputStream {
  tryDecode(schema: AnySchema, into?: unknown, context?: unknown): unknown | typeof NEED_MORE;
  trySkip(): boolean;
}

/** The same format, as gob's `Encoder` writes it. */
export interface ValueWriter extends OutputStream {
  /** Definitions that the peer knows once the pending bytes arrive; 0 in a format without types. */
  readonly sentTypes: number;
  append(schema: AnySchema, value: unknown, context?: unknown): void;
  rollback(pendingBytes: number, sentTypes: number): void;
}

abstract class PairCodec extends StreamCodec<ValueReader, ValueWriter> {
  readBody(schema: AnySchema, context: unknown, into?: unknown): unknown | typeof NEED_MORE {
    return this.input.tryDecode(schema, into, context);
  }
  discardBody(): boolean {
    return this.input.trySkip();
  }

  /** [NETRPC-12] Both values, or neither and no definitions remembered. */
  protected append(
    headerSchema: AnySchema,
    header: unknown,
    bodySchema: AnySchema,
    body: unknown,
    context: unknown,
  ): void {
    const { output } = this;
    const { pendingBytes, sentTypes } = output;
    try {
      output.append(headerSchema, header);
      output.append(bodySchema, body, context);
    } catch (error) {
      output.rollback(pendingBytes, sentTypes);
      throw error;
    }
  }
}

/** Requests out, responses in. */
export class PairClientCodec extends PairCodec implements ClientCodec {
  readHeader(): AnswerHeader | typeof NEED_MORE {
    return this.input.tryDecode(answerHeader) as AnswerHeader | typeof NEED_MORE;
  }
  appendRequest(header: RequestHeader, schema: AnySchema, body: unknown, context: unknown): void {
    this.append(requestHeader, header, schema, body, context);
  }
}

/** Requests in, responses out. */
export class PairServerCodec extends PairCodec implements ServerCodec {
  readHeader(): RequestHeader | typeof NEED_MORE {
    return this.input.tryDecode(requestHeader) as RequestHeader | typeof NEED_MORE;
  }
  appendResponse(header: ResponseHeader, schema: AnySchema, body: unknown, context: unknown): void {
    this.append(responseHeader, header, schema, body, context);
  }
}
