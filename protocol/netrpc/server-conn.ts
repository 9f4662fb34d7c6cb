/** One connection being served: requests come in, handlers run, answers go out in the order they are ready. */
import { Deferred } from "../async/deferred.js";
import type { ByteConn } from "../bytes/conn.js";
import { NEED_MORE } from "../bytes/need-more.js";
import { errorText } from "../error-text.js";
import { RpcError, ServerError } from "../errors.js";
import { empty } from "../schema/index.js";
import type { CallScope } from "./call-scope.js";
import type { ServerCodec } from "./codec.js";
import type { CallContext } from "./contract.js";
import { gobServerCodec } from "./gob-codec.js";
import type { RequestHeader } from "./header.js";
import { Outbox } from "./outbox.js";
import type { ServiceMethod } from "./service.js";

/** The codec and limits of one connection being served. */
export interface ServeConnOptions {
  /** Default: gob, as Go's `rpc.ServeConn`. */
  readonly codec?: ServerCodec;
  /** Called once per call; the codecs inside the call's schemas get its result as their context. */
  readonly newScope?: () => CallScope;
  /** How many calls may be handled at once; at that number no further request is read. Default 1,000. */
  readonly maxConcurrentCalls?: number;
  /**
   * Called when a handler has thrown, or has returned what does not fit the schema of its reply. The caller gets only
   * the text.
   */
  readonly onHandlerError?: OnHandlerError | undefined;
}

/** Takes the error of a handler. It must not throw. */
export type OnHandlerError = (serviceMethod: string, error: unknown) => void;

const DEFAULT_MAX_CONCURRENT_CALLS = 1000;

/**
 * Why no more input is taken: as many calls run as may run, or the peer does not read its answers. Reading
 * goes on when no reason is left.
 */
type Pause = "calls" | "write";

/** The connection of one peer, from its first request to its last answer. */
export class ServerConn {
  readonly #conn: ByteConn;
  readonly #codec: ServerCodec;
  readonly #outbox: Outbox;
  readonly #find: (serviceMethod: string) => ServiceMethod | string;
  readonly #newScope: (() => CallScope) | undefined;
  readonly #maxCalls: number;
  readonly #onHandlerError: OnHandlerError | undefined;
  readonly #abort = new AbortController();
  readonly #pauses = new Set<Pause>();
  /** A request header whose body has not arrived whole. */
  #header: RequestHeader | undefined;
  #isReading = false;
  /** The requests being handled, which are not answered yet, and the scopes of their calls. */
  readonly #running = new Map<RequestHeader, CallScope | undefined>();
  #inputEnded = false;
  readonly #done = new Deferred();

  /** @param find - the method of that name, or the text that refuses the call. */
  constructor(
    conn: ByteConn,
    find: (serviceMethod: string) => ServiceMethod | string,
    options: ServeConnOptions,
  ) {
    this.#conn = conn;
    this.#codec = options.codec ?? gobServerCodec();
    this.#outbox = new Outbox(conn, this.#codec, () => this.#pause("write"));
    this.#find = find;
    this.#newScope = options.newScope;
    this.#maxCalls = options.maxConcurrentCalls ?? DEFAULT_MAX_CONCURRENT_CALLS;
    this.#onHandlerError = options.onHandlerError;
    conn.start({
      onData: (chunk) => this.#receive(chunk),
      onEnd: (error) => this.#connectionEnded(error),
      onDrain: () => this.#resume("write"),
    });
  }

  /** Resolves when the connection has ended and every handler with it. */
  get done(): Promise<void> {
    return this.#done.promise;
  }

  #receive(chunk: Uint8Array): void {
    if (this.#inputEnded) return;
    this.#codec.push(chunk);
    this.#readRequests();
    this.#codec.retain();
  }

  #readRequests(): void {
    // A handler that ends at once comes here again, through `#resume`: the loop below goes on by itself.
    if (this.#isReading) return;
    this.#isReading = true;
    try {
      // A chunk may hold more requests than may run: the rest stays in the codec until a call ends.
      while (!this.#inputEnded && !this.#pauses.has("calls")) {
        const header = this.#header ?? this.#codec.readHeader();
        if (header === NEED_MORE) return;
        this.#header = header;
        if (!this.#readBody(header)) return;
        this.#header = undefined;
      }
    } catch (cause) {
      // [NETRPC-10] No answer is possible: the number of the call is unknown.
      this.#endInput(cause as Error);
    } finally {
      this.#isReading = false;
    }
  }

  /** `false`: the body has not arrived whole. Throws when the stream is out of step. */
  #readBody(header: RequestHeader): boolean {
    const method = this.#find(header.ServiceMethod);
    if (typeof method === "string") {
      if (!this.#codec.discardBody()) return false;
      this.#appendError(header, method);
      return true;
    }
    const scope = this.#newScope?.();
    let args: unknown;
    try {
      args = this.#codec.readBody(method.args, scope);
    } catch (cause) {
      // [NETRPC-8] The argument is wrong, not the connection.
      scope?.rollback();
      scope?.end(cause);
      this.#appendError(header, errorText(cause));
      if (this.#codec.isBroken) throw cause;
      return true;
    }
    if (args === NEED_MORE) {
      scope?.rollback();
      return false;
    }
    scope?.commit();
    this.#handle(header, method, args, scope);
    return true;
  }

  /** Calls the handler. It may answer at once: a promise is waited for only where there is one. */
  #handle(
    header: RequestHeader,
    method: ServiceMethod,
    args: unknown,
    scope: CallScope | undefined,
  ): void {
    this.#running.set(header, scope);
    if (this.#running.size >= this.#maxCalls) this.#pause("calls");
    const call: CallContext = {
      signal: this.#abort.signal,
      serviceMethod: header.ServiceMethod,
    };
    let reply: unknown;
    let isLater: boolean;
    try {
      reply = method.handler(args as never, call);
      // Inside the try block, because `then` may be a getter that throws.
      isLater = isThenable(reply);
    } catch (error) {
      this.#refuse(header, error, scope);
      return;
    }
    if (isLater) this.#answerLater(header, method, reply, scope);
    else this.#answer(header, method, reply, scope);
  }

  #answerLater(
    header: RequestHeader,
    method: ServiceMethod,
    reply: unknown,
    scope: CallScope | undefined,
  ): void {
    Promise.resolve(reply).then(
      (value) => this.#answer(header, method, value, scope),
      (error) => this.#refuse(header, error, scope),
    );
  }

  #answer(
    header: RequestHeader,
    method: ServiceMethod,
    reply: unknown,
    scope: CallScope | undefined,
  ): void {
    const settling = scope?.settle?.();
    if (settling === undefined) this.#answerNow(header, method, reply, scope);
    else void settling.then(() => this.#answerNow(header, method, reply, scope));
  }

  #answerNow(
    header: RequestHeader,
    method: ServiceMethod,
    reply: unknown,
    scope: CallScope | undefined,
  ): void {
    // A call that {@link fail} has answered is not running any more.
    if (this.#running.has(header)) this.#appendReply(header, method, reply, scope);
    this.#handlerEnded(header);
  }

  #refuse(header: RequestHeader, error: unknown, scope: CallScope | undefined): void {
    const { signal } = this.#abort;
    // A handler that gives up because nobody waits any more has not failed.
    if (!signal.aborted || error !== signal.reason) {
      this.#onHandlerError?.(header.ServiceMethod, error);
    }
    const settling = scope?.settle?.();
    if (settling === undefined) this.#refuseNow(header, error, scope);
    else void settling.then(() => this.#refuseNow(header, error, scope));
  }

  #refuseNow(header: RequestHeader, error: unknown, scope: CallScope | undefined): void {
    if (this.#running.has(header)) {
      const text = errorText(error);
      // A handler may throw undefined, which would mean that the call went well.
      scope?.end(error ?? new ServerError(text, header.ServiceMethod));
      this.#appendError(header, text);
    }
    this.#handlerEnded(header);
  }

  /** [NETRPC-27] The scope ends first, for the peer to hear of it before it gets the answer. */
  #appendReply(
    header: RequestHeader,
    method: ServiceMethod,
    reply: unknown,
    scope: CallScope | undefined,
  ): void {
    try {
      const response = { ServiceMethod: header.ServiceMethod, Seq: header.Seq, Error: "" };
      this.#codec.appendResponse(response, method.reply, reply, scope);
    } catch (error) {
      scope?.rollback();
      scope?.end(error);
      this.#onHandlerError?.(header.ServiceMethod, error);
      // [NETRPC-12] Go has sent the header by then and must close; here nothing has gone out.
      this.#appendError(header, errorText(error));
      return;
    }
    scope?.end();
    scope?.commit();
    this.#outbox.appended();
  }

  /** [NETRPC-6] The body is always the empty struct: Go hangs on others. */
  #appendError(header: RequestHeader, text: string): void {
    const response = { ServiceMethod: header.ServiceMethod, Seq: header.Seq, Error: text };
    this.#codec.appendResponse(response, empty(), undefined, undefined);
    this.#outbox.appended();
  }

  #handlerEnded(header: RequestHeader): void {
    this.#running.delete(header);
    if (this.#running.size < this.#maxCalls) this.#resume("calls");
    this.#closeWhenDone();
  }

  /** Answers every running call with an error; what its handler returns later is dropped. */
  fail(text: string): void {
    for (const [header, scope] of this.#running) {
      scope?.end(new ServerError(text, header.ServiceMethod));
      this.#appendError(header, text);
    }
    this.#running.clear();
    this.#outbox.flush();
  }

  #pause(why: Pause): void {
    if (this.#pauses.size === 0) this.#conn.pause();
    this.#pauses.add(why);
  }

  #resume(why: Pause): void {
    if (!this.#pauses.delete(why)) return;
    if (why === "calls") this.#readRequests();
    if (this.#pauses.size === 0) this.#conn.resume();
  }

  #connectionEnded(error: Error | undefined): void {
    if (error !== undefined) this.#endInput(error);
    else {
      // Requests may wait in the codec because too many calls run: they are answered first. Then the codec
      // throws at the end, which ends the input.
      this.#codec.end();
      this.#readRequests();
    }
  }

  #endInput(error: Error): void {
    if (this.#inputEnded) return;
    this.#inputEnded = true;
    const reason = new RpcError("shutdown", "netrpc: the connection of this call has ended", {
      cause: error,
    });
    this.#abort.abort(reason);
    // Nobody waits for these calls any more: their handlers must not wait for the peer either.
    for (const scope of this.#running.values()) scope?.end(reason);
    this.#closeWhenDone();
  }

  /** [NETRPC-14] */
  #closeWhenDone(): void {
    if (!this.#inputEnded || this.#running.size > 0) return;
    this.#outbox.flush();
    this.#conn.end();
    this.#done.resolve();
  }
}

function isThenable(value: unknown): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as { then?: unknown }).then === "function"
  );
}
