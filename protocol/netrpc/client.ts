/** The calling side of net/rpc: requests go out, and each answer finds its call by number. */
import { Deferred } from "../async/deferred.js";
import { rejection } from "../async/rejection.js";
import { Bound } from "../async/wait.js";
import type { ByteConn } from "../bytes/conn.js";
import { NEED_MORE } from "../bytes/need-more.js";
import { type RpcError, ServerError } from "../errors.js";
import type { AnySchema, In, Out } from "../schema/index.js";
import {
  aborted,
  badReply,
  closedHere,
  endedWith,
  late,
  notResponse,
  shutdown,
  tooManyCalls,
  unexpectedEof,
} from "./call-errors.js";
import type { CallScope } from "./call-scope.js";
import type { ClientCodec } from "./codec.js";
import type { CallOptions } from "./contract.js";
import { gobClientCodec } from "./gob-codec.js";
import type { AnswerHeader, RequestHeader, Seq } from "./header.js";
import { Outbox } from "./outbox.js";

/** The codec, limits and observers of a client. */
export interface RpcClientOptions {
  /** Default: gob, as Go's `rpc.NewClient`. */
  readonly codec?: ClientCodec;
  /** Called once per call; the codecs inside the call's schemas get its result as their context. */
  readonly newScope?: () => CallScope;
  /** How many calls may wait for their replies; one more fails with `limit`. Default: no limit. */
  readonly maxPendingCalls?: number;
  /** Called when the first call starts to wait (`true`) and when no call waits any more. */
  readonly onBusy?: (busy: boolean) => void;
  /**
   * Called once, when the connection has ended for `reason`. The function that it returns makes the errors of the calls
   * that fail by it. Default: they fail with the RpcErrors that it gets.
   */
  readonly explainEnd?: ((reason: RpcError) => ExplainFailure) | undefined;
  /** Called at the start of each call; the function that it returns is called at the end of that call. */
  readonly onCall?: ((serviceMethod: string) => CallEnd | undefined) | undefined;
}

/** What a call gives: `undefined` where its method names no reply. */
export type ReplyOf<R> = [R] extends [AnySchema] ? Out<R> : undefined;

/** Makes the error of a call that failed because its connection has ended. The promise never rejects. */
export type ExplainFailure = (error: RpcError) => Error | Promise<Error>;

/** Called at the end of a call. `error` is undefined after an answer. */
export type CallEnd = (error?: unknown) => void;

interface PendingCall {
  readonly serviceMethod: string;
  /** Undefined: the body is passed over, whatever it is. */
  readonly reply: AnySchema | undefined;
  readonly into: unknown;
  readonly scope: CallScope | undefined;
  readonly bound: Bound | undefined;
  /** With {@link rejection} for a call that failed. */
  resolve(value: unknown): void;
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
  readonly #explainEnd: RpcClientOptions["explainEnd"];
  readonly #onCall: RpcClientOptions["onCall"];
  readonly #maxPendingCalls: number;
  readonly #pending = new Map<Seq, PendingCall>();
  #nextSeq = 0;
  /** A response header whose body has not arrived whole. */
  #header: AnswerHeader | undefined;
  /** Set once, when the connection ended; later calls carry it as their cause. */
  #end: RpcError | undefined;
  #explain: ExplainFailure | undefined;
  readonly #closed = new Deferred<RpcError>();

  /** Starts `conn`, which belongs to the client from then on. */
  constructor(conn: ByteConn, options: RpcClientOptions = {}) {
    this.#conn = conn;
    this.#codec = options.codec ?? gobClientCodec();
    this.#outbox = new Outbox(conn, this.#codec);
    this.#newScope = options.newScope;
    this.#onBusy = options.onBusy;
    this.#explainEnd = options.explainEnd;
    this.#onCall = options.onCall;
    this.#maxPendingCalls = options.maxPendingCalls ?? Number.POSITIVE_INFINITY;
    conn.start({
      onData: (chunk) => this.#receive(chunk),
      onEnd: (error) => this.#connectionEnded(error),
    });
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
    const answer = new Promise<ReplyOf<R>>((resolve) => {
      if (this.#end !== undefined) {
        this.#tell(shutdown(serviceMethod, this.#end), (error) => resolve(rejection(error)));
        return;
      }
      if (options.signal?.aborted) throw aborted(serviceMethod, options);
      const pendingCalls = this.#pending.size;
      if (pendingCalls >= this.#maxPendingCalls) throw tooManyCalls(serviceMethod, pendingCalls);
      const seq = this.#nextSeq++;
      const scope = this.#newScope?.();
      this.#append({ ServiceMethod: serviceMethod, Seq: seq }, method.args, args, scope);
      this.#add(seq, {
        serviceMethod,
        reply: method.reply,
        into: options.into,
        scope,
        bound: this.#bound(serviceMethod, seq, options),
        resolve: resolve as never,
      });
      this.#outbox.appended();
    });
    if (onEnd !== undefined) answer.then(() => onEnd(), onEnd);
    return answer;
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

  /** [NETRPC-13] Only the waiting ends: the call is forgotten and its late answer discarded. */
  #bound(serviceMethod: string, seq: number, options: CallOptions): Bound | undefined {
    if (options.signal === undefined && options.timeoutMs === undefined) return undefined;
    return new Bound(options, (reason) => {
      const why = reason === "aborted" ? aborted : late;
      this.#reject(seq, why(serviceMethod, options, seq));
    });
  }

  #add(seq: number, call: PendingCall): void {
    this.#pending.set(seq, call);
    if (this.#pending.size === 1) this.#onBusy?.(true);
  }

  /** The call of this number, which waits no more. */
  #take(seq: Seq): PendingCall | undefined {
    const call = this.#pending.get(seq);
    if (call === undefined) return undefined;
    this.#pending.delete(seq);
    call.bound?.release();
    if (this.#pending.size === 0) this.#onBusy?.(false);
    return call;
  }

  #reject(seq: Seq, error: Error): void {
    const call = this.#take(seq);
    call?.scope?.end(error);
    call?.resolve(rejection(error));
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
        const header = this.#header ?? this.#codec.readHeader();
        if (header === NEED_MORE) return;
        this.#header = header;
        if (!this.#readBody(header)) return;
        this.#header = undefined;
      }
    } catch (cause) {
      this.#finish(notResponse(cause));
      this.#conn.destroy();
    }
  }

  /** `false`: the body has not arrived whole. Throws when the stream is out of step. */
  #readBody(header: AnswerHeader): boolean {
    const call = this.#pending.get(header.Seq);
    if (header.Error !== "") {
      // [NETRPC-6] The call ends at once: its body says nothing, and may take long to arrive.
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
      call.scope?.rollback();
      const why = (cause as Error).message;
      this.#reject(header.Seq, badReply(why, cause, call.serviceMethod, header.Seq));
      if (this.#codec.isBroken) throw cause;
      return true;
    }
    if (body === NEED_MORE) {
      call.scope?.rollback();
      return false;
    }
    this.#take(header.Seq);
    call.scope?.end();
    call.scope?.commit();
    call.resolve(body);
    return true;
  }

  #skipBody(): undefined | typeof NEED_MORE {
    return this.#codec.discardBody() ? undefined : NEED_MORE;
  }

  /**
   * Ends the connection. Pending calls fail with `shutdown`. Safe to call again.
   * Go: `Client.Close`, which reports a second call as an error.
   */
  close(): Promise<void> {
    this.#finish(closedHere());
    this.#outbox.flush();
    this.#conn.end();
    return Promise.resolve();
  }

  /** The same as {@link close}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Resolves with the reason when the connection has ended, whichever side ended it. */
  get closed(): Promise<RpcError> {
    return this.#closed.promise;
  }

  /** The connection has ended: every further call fails with `shutdown`. */
  get isClosed(): boolean {
    return this.#end !== undefined;
  }

  /** [NETRPC-11] A call whose answer was cut off says so; the others were not answered at all. */
  #connectionEnded(cause: Error | undefined): void {
    const header = this.#header;
    const cutOff = header !== undefined && header.Error === "" ? header.Seq : undefined;
    this.#finish(unexpectedEof(cause), cutOff);
    this.#conn.end();
  }

  /**
   * Fails what is pending. The first reason counts; `#end` is set before any callback runs.
   *
   * @param cutOff - the call of which only the header of the answer has come.
   */
  #finish(reason: RpcError, cutOff?: Seq): void {
    if (this.#end !== undefined) return;
    this.#end = reason;
    this.#explain = this.#explainEnd?.(reason);
    const calls = [...this.#pending];
    this.#pending.clear();
    if (calls.length > 0) this.#onBusy?.(false);
    for (const [seq, call] of calls) {
      const { serviceMethod } = call;
      const error =
        seq === cutOff
          ? badReply("EOF", reason.cause, serviceMethod, seq)
          : endedWith(reason, serviceMethod, seq);
      call.bound?.release();
      this.#tell(error, (explained) => {
        call.scope?.end(explained);
        call.resolve(rejection(explained));
      });
    }
    this.#closed.resolve(reason);
  }

  /** Gives the caller the error of a call that failed because the connection has ended. */
  #tell(error: RpcError, fail: (error: Error) => void): void {
    const explained = this.#explain?.(error) ?? error;
    if (explained instanceof Promise) void explained.then(fail);
    else fail(explained);
  }
}
