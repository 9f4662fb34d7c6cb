import { Bound } from "../async/wait.js";
import type { ByteConn, ConnHandler } from "../bytes/conn.js";
import { NEED_MORE } from "../bytes/need-more.js";
import { RpcError, ServerError } from "../errors.js";
import type { AnySchema, In, Out } from "../schema/index.js";
import type { ClientCodec } from "./codec.js";
import type { CallOptions } from "./contract.js";
import { gobClientCodec } from "./gob-codec.js";
import type { AnswerHeader, RequestHeader, Seq } from "./header.js";
import { Outbox } from "./outbox.js";
import type { CallScope } from "./scope.js";

export interface RpcClientOptions {
  /** Default: gob, as Go's `rpc.NewClient`. */
  readonly codec?: ClientCodec;
  /** Makes what the codecs inside schemas get with a call's values. */
  readonly newScope?: () => CallScope;
  /** Calls waiting for their replies; one more fails with `limit`. Default: no limit. */
  readonly maxPendingCalls?: number;
  /** Called when the first call starts to wait (`true`) and when no call waits any more. */
  readonly onBusy?: (busy: boolean) => void;
  /** Told of each call; what it returns is told of the call's end, and why it failed if it did. */
  readonly onCall?: ((serviceMethod: string) => CallEnd | undefined) | undefined;
}

/** What a call gives: `undefined` where its method names no reply. */
export type ReplyOf<R> = [R] extends [AnySchema] ? Out<R> : undefined;

/** `error` is undefined after an answer. */
export type CallEnd = (error?: unknown) => void;

interface PendingCall {
  readonly serviceMethod: string;
  /** Undefined: the body is passed over, whatever it is. */
  readonly reply: AnySchema | undefined;
  readonly into: unknown;
  readonly scope: CallScope | undefined;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/**
 * The calling side of net/rpc on one connection. Go: `rpc.Client`.
 *
 * Calls are pipelined and answered in any order. One reply that does not fit fails its own call
 * only; Go shuts the client down there.
 */
export class RpcClient implements AsyncDisposable {
  readonly #conn: ByteConn;
  readonly #codec: ClientCodec;
  readonly #outbox: Outbox;
  readonly #newScope: (() => CallScope) | undefined;
  readonly #onBusy: ((busy: boolean) => void) | undefined;
  readonly #onCall: RpcClientOptions["onCall"];
  readonly #maxPendingCalls: number;
  readonly #pending = new Map<Seq, PendingCall>();
  #nextSeq = 0;
  /** A response header whose body has not all arrived. */
  #header: AnswerHeader | undefined;
  /** Set once, when the connection ended; later calls carry it as their cause. */
  #end: RpcError | undefined;
  readonly #closed: Promise<RpcError>;
  #resolveClosed!: (reason: RpcError) => void;

  constructor(conn: ByteConn, options: RpcClientOptions = {}) {
    this.#conn = conn;
    this.#codec = options.codec ?? gobClientCodec();
    this.#outbox = new Outbox(conn, this.#codec);
    this.#newScope = options.newScope;
    this.#onBusy = options.onBusy;
    this.#onCall = options.onCall;
    this.#maxPendingCalls = options.maxPendingCalls ?? Number.POSITIVE_INFINITY;
    this.#closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
    const sink: ConnHandler = {
      onData: (chunk) => this.#receive(chunk),
      onEnd: (error) => this.#connectionEnded(error),
    };
    conn.start(sink);
  }

  /** Resolves with the reason when the connection has ended, whoever ended it. */
  get closed(): Promise<RpcError> {
    return this.#closed;
  }

  get isClosed(): boolean {
    return this.#end !== undefined;
  }

  /**
   * Calls `serviceMethod` and waits for its reply, without limit unless `options` set one.
   *
   * @param method - without `reply` the reply is passed over unread. Go: a nil reply.
   * @throws ServerError - what the peer's method answered.
   * @throws CodecError - the argument does not fit; nothing was sent and the connection goes on.
   * @throws RpcError `unexpected-eof`, `shutdown`, `bad-reply`, `timeout`, `aborted`, `protocol`, `limit`.
   * Go: `Client.Call`.
   */
  call<A extends AnySchema, R extends AnySchema | undefined = undefined>(
    serviceMethod: string,
    method: { readonly args: A; readonly reply?: R },
    args: In<A>,
    options: CallOptions & { readonly into?: NoInfer<ReplyOf<R>> } = {},
  ): Promise<ReplyOf<R>> {
    const onEnd = this.#onCall?.(serviceMethod);
    const answer = new Promise<ReplyOf<R>>((resolve, reject) => {
      if (this.#end !== undefined) throw shutdown(serviceMethod, this.#end);
      if (options.signal?.aborted) throw aborted(serviceMethod, options);
      if (this.#pending.size >= this.#maxPendingCalls) throw this.#tooMany(serviceMethod);
      const seq = this.#nextSeq++;
      const header = { ServiceMethod: serviceMethod, Seq: seq };
      const scope = this.#newScope?.();
      this.#append(header, method.args, args, scope);
      const { reply } = method;
      const { into } = options;
      const call = { serviceMethod, reply, into, scope, resolve: resolve as never, reject };
      const isBounded = options.signal !== undefined || options.timeoutMs !== undefined;
      this.#add(seq, isBounded ? this.#bound(seq, call, options) : call);
      this.#outbox.appended();
    });
    if (onEnd !== undefined) answer.then(() => onEnd(), onEnd);
    return answer;
  }

  /**
   * Ends the connection. Pending calls fail with `shutdown`. Safe to call again.
   * Go: `Client.Close`, which reports a second call as an error.
   */
  close(): Promise<void> {
    this.#finish(new RpcError("shutdown", "netrpc: connection is shut down (closed here)"));
    this.#outbox.flush();
    this.#conn.end();
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #append(
    header: RequestHeader,
    schema: AnySchema,
    args: unknown,
    scope: CallScope | undefined,
  ): void {
    try {
      this.#codec.appendRequest(header, schema, args, scope);
      scope?.commit();
    } catch (error) {
      scope?.rollback();
      throw error;
    }
  }

  #tooMany(serviceMethod: string): RpcError {
    const text = `netrpc: ${this.#pending.size} calls are pending, as many as maxPendingCalls allows`;
    return new RpcError("limit", `${text} (${serviceMethod})`, { serviceMethod });
  }

  #add(seq: number, call: PendingCall): void {
    this.#pending.set(seq, call);
    if (this.#pending.size === 1) this.#onBusy?.(true);
  }

  #take(seq: Seq): PendingCall | undefined {
    const call = this.#pending.get(seq);
    if (call !== undefined) {
      this.#pending.delete(seq);
      if (this.#pending.size === 0) this.#onBusy?.(false);
    }
    return call;
  }

  #reject(seq: Seq, error: Error): void {
    const call = this.#take(seq);
    call?.scope?.end(error);
    call?.reject(error);
  }

  /** [NETRPC-13] Only the waiting ends: the call is forgotten and its late answer discarded. */
  #bound(seq: number, call: PendingCall, options: CallOptions): PendingCall {
    const bound = new Bound(options, (reason) => {
      const why = reason === "aborted" ? aborted : late;
      this.#reject(seq, why(call.serviceMethod, options, seq));
    });
    return {
      ...call,
      resolve: (value) => {
        bound.release();
        call.resolve(value);
      },
      reject: (error) => {
        bound.release();
        call.reject(error);
      },
    };
  }

  #receive(chunk: Uint8Array): void {
    if (this.#end !== undefined) return;
    this.#codec.push(chunk);
    this.#readResponses();
    this.#codec.retain();
  }

  /** Reads what is complete; stops in the middle of a response and goes on with the next chunk. */
  #readResponses(): void {
    try {
      while (this.#end === undefined) {
        if (this.#header === undefined) {
          const header = this.#codec.readHeader();
          if (header === NEED_MORE) return;
          this.#header = header;
        }
        if (!this.#readBody(this.#header)) return;
        this.#header = undefined;
      }
    } catch (cause) {
      const text = `netrpc: not a response: ${(cause as Error).message}`;
      this.#finish(new RpcError("protocol", text, { cause }));
      this.#conn.destroy();
    }
  }

  /** `false` means that the body has not all arrived. Throws when the stream is out of step. */
  #readBody(header: AnswerHeader): boolean {
    const call = this.#pending.get(header.Seq);
    if (header.Error !== "") {
      // [NETRPC-6] The text is the answer, whatever becomes of the body that follows.
      this.#reject(header.Seq, new ServerError(header.Error, call?.serviceMethod));
      return this.#codec.discardBody();
    }
    // [NETRPC-5] Unknown, answered before, or given up: passed over.
    if (call === undefined) return this.#codec.discardBody();
    let body: unknown;
    try {
      body =
        call.reply === undefined
          ? this.#skipBody()
          : this.#codec.readBody(call.reply, call.scope, call.into);
    } catch (cause) {
      // [NETRPC-15]
      call.scope?.rollback();
      const text = `netrpc: reading body ${(cause as Error).message}`;
      const facts = { cause, serviceMethod: call.serviceMethod, seq: header.Seq };
      this.#reject(header.Seq, new RpcError("bad-reply", text, facts));
      if (this.#codec.isBroken) throw cause;
      return true;
    }
    if (body === NEED_MORE) {
      call.scope?.rollback();
      return false;
    }
    this.#take(header.Seq);
    call.scope?.commit();
    call.scope?.end();
    call.resolve(body);
    return true;
  }

  #skipBody(): undefined | typeof NEED_MORE {
    return this.#codec.discardBody() ? undefined : NEED_MORE;
  }

  /** [NETRPC-11] */
  #connectionEnded(cause: Error | undefined): void {
    const header = this.#header;
    if (header !== undefined && header.Error === "") {
      const serviceMethod = this.#pending.get(header.Seq)?.serviceMethod;
      const facts = { cause, serviceMethod, seq: header.Seq };
      this.#reject(header.Seq, new RpcError("bad-reply", "netrpc: reading body EOF", facts));
    }
    const why = cause === undefined ? "" : `: ${cause.message}`;
    this.#finish(new RpcError("unexpected-eof", `netrpc: unexpected EOF${why}`, { cause }));
    this.#conn.end();
  }

  #finish(reason: RpcError): void {
    if (this.#end !== undefined) return;
    this.#end = reason;
    const calls = [...this.#pending];
    this.#pending.clear();
    if (calls.length > 0) this.#onBusy?.(false);
    for (const [seq, call] of calls) {
      const facts = { cause: reason.cause ?? reason, serviceMethod: call.serviceMethod, seq };
      const text = `${reason.message} (${call.serviceMethod}, seq ${seq})`;
      const error = new RpcError(reason.code, text, facts);
      call.scope?.end(error);
      call.reject(error);
    }
    this.#resolveClosed(reason);
  }
}

/** Go: `rpc.ErrShutdown`. */
const shutdown = (serviceMethod: string, cause: RpcError): RpcError =>
  new RpcError("shutdown", `netrpc: connection is shut down (${serviceMethod})`, {
    cause,
    serviceMethod,
  });

const aborted = (serviceMethod: string, { signal }: CallOptions, seq?: number): RpcError =>
  new RpcError("aborted", `netrpc: call aborted (${serviceMethod})`, {
    cause: signal?.reason,
    serviceMethod,
    seq,
  });

function late(serviceMethod: string, { timeoutMs }: CallOptions, seq: number): RpcError {
  const text = `netrpc: no reply within ${timeoutMs} ms (${serviceMethod}, seq ${seq})`;
  return new RpcError("timeout", text, { serviceMethod, seq });
}
