import type { ByteConn } from "../bytes/conn.js";
import { NEED_MORE } from "../bytes/need-more.js";
import { RpcError } from "../errors.js";
import { empty } from "../schema/index.js";
import type { ServerCodec } from "./codec.js";
import type { CallContext } from "./contract.js";
import { gobServerCodec } from "./gob-codec.js";
import type { RequestHeader } from "./header.js";
import { Outbox } from "./outbox.js";
import type { CallScope } from "./scope.js";
import type { Service, ServiceMethod } from "./service.js";

export interface ServeConnOptions {
  /** Default: gob, as Go's `rpc.ServeConn`. */
  readonly codec?: ServerCodec;
  /** Makes what the codecs inside schemas get with a call's values. */
  readonly newScope?: () => CallScope;
  /** Calls handled at once; past it no further request is read. Default 1,000. */
  readonly maxConcurrentCalls?: number;
}

const DEFAULT_MAX_CONCURRENT_CALLS = 1000;

/** The services of one address. Go: `rpc.Server`. */
export class RpcServer {
  readonly #services = new Map<string, Service>();
  readonly #conns = new Set<ServerConn>();
  readonly #found = new Map<string, ServiceMethod>();

  /**
   * Adds a service under a name, also while connections are served.
   *
   * @throws RpcError `bad-service` when the name is empty or taken. Go: `Server.RegisterName`.
   */
  register(name: string, service: Service): void {
    if (name === "") throw new RpcError("bad-service", "rpc.Register: no service name");
    if (this.#services.has(name)) {
      throw new RpcError("bad-service", `rpc: service already defined: ${name}`);
    }
    this.#services.set(name, service);
  }

  /**
   * Answers the requests of one connection. Resolves when it has ended and the handlers that were
   * running have ended too [NETRPC-14]; never rejects. Go: `Server.ServeConn`.
   */
  serveConn(conn: ByteConn, options: ServeConnOptions = {}): Promise<void> {
    const served = new ServerConn(conn, (name) => this.#find(name), options);
    this.#conns.add(served);
    return served.done.then(() => {
      this.#conns.delete(served);
    });
  }

  /** Answers every call that is being handled, on all connections, with an error. */
  fail(text: string): void {
    for (const conn of this.#conns) conn.fail(text);
  }

  /** The method, or Go's text for why there is none [NETRPC-4] [NETRPC-7]. What is found stays there. */
  #find(serviceMethod: string): ServiceMethod | string {
    const known = this.#found.get(serviceMethod);
    if (known !== undefined) return known;
    const found = this.#look(serviceMethod);
    if (typeof found !== "string") this.#found.set(serviceMethod, found);
    return found;
  }

  #look(serviceMethod: string): ServiceMethod | string {
    const dot = serviceMethod.lastIndexOf(".");
    if (dot < 0) return `rpc: service/method request ill-formed: ${serviceMethod}`;
    const service = this.#services.get(serviceMethod.slice(0, dot));
    if (service === undefined) return `rpc: can't find service ${serviceMethod}`;
    return service.get(serviceMethod.slice(dot + 1)) ?? `rpc: can't find method ${serviceMethod}`;
  }
}

/** Why reading is stopped; it goes on when no reason is left. */
type Pause = "calls" | "write";

/** One connection being served. */
class ServerConn {
  readonly done: Promise<void>;
  readonly #conn: ByteConn;
  readonly #codec: ServerCodec;
  readonly #outbox: Outbox;
  readonly #find: (serviceMethod: string) => ServiceMethod | string;
  readonly #newScope: (() => CallScope) | undefined;
  readonly #maxCalls: number;
  readonly #abort = new AbortController();
  readonly #pauses = new Set<Pause>();
  /** A request header whose body has not all arrived. */
  #header: RequestHeader | undefined;
  #isReading = false;
  /** The requests being handled: not answered yet. */
  readonly #running = new Set<RequestHeader>();
  #inputEnded = false;
  #resolveDone!: () => void;

  constructor(
    conn: ByteConn,
    find: (serviceMethod: string) => ServiceMethod | string,
    options: ServeConnOptions,
  ) {
    this.#conn = conn;
    this.#codec = options.codec ?? gobServerCodec();
    // A peer that sends requests and does not read the answers is read no further.
    this.#outbox = new Outbox(conn, this.#codec, () => this.#pause("write"));
    this.#find = find;
    this.#newScope = options.newScope;
    this.#maxCalls = options.maxConcurrentCalls ?? DEFAULT_MAX_CONCURRENT_CALLS;
    this.done = new Promise((resolve) => {
      this.#resolveDone = resolve;
    });
    conn.start({
      onData: (chunk) => {
        if (this.#inputEnded) return;
        this.#codec.push(chunk);
        this.#readRequests();
        this.#codec.retain();
      },
      onEnd: (error) => {
        if (error !== undefined) return this.#endInput(error);
        // What is still unread, because too many calls ran, is answered before the end is seen.
        this.#codec.end();
        this.#readRequests();
      },
      onDrain: () => this.#resume("write"),
    });
  }

  #readRequests(): void {
    // A handler that ends at once resumes us from inside: the loop below goes on by itself then.
    if (this.#isReading) return;
    this.#isReading = true;
    try {
      // A chunk may hold more requests than may run: the rest stays in the codec until some ended.
      while (!this.#inputEnded && !this.#pauses.has("calls")) {
        if (this.#header === undefined) {
          const header = this.#codec.readHeader();
          if (header === NEED_MORE) return;
          this.#header = header;
        }
        if (!this.#readBody(this.#header)) return;
        this.#header = undefined;
      }
    } catch (cause) {
      // [NETRPC-10] No answer is possible: nobody knows which call it would be for.
      this.#endInput(cause as Error);
    } finally {
      this.#isReading = false;
    }
  }

  /** `false` means that the body has not all arrived. Throws when the stream is out of step. */
  #readBody(header: RequestHeader): boolean {
    const method = this.#find(header.ServiceMethod);
    if (typeof method === "string") {
      if (!this.#codec.discardBody()) return false;
      this.#answerError(header, method);
      return true;
    }
    const scope = this.#newScope?.();
    let args: unknown;
    try {
      args = this.#codec.readBody(method.args, scope);
    } catch (cause) {
      // [NETRPC-8] The argument is wrong, not the connection.
      this.#answerError(header, errorText(cause));
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

  #handle(
    header: RequestHeader,
    method: ServiceMethod,
    args: unknown,
    scope: CallScope | undefined,
  ): void {
    const call: CallContext = {
      signal: this.#abort.signal,
      serviceMethod: header.ServiceMethod,
    };
    this.#begin(header);
    let reply: unknown;
    let isLater: boolean;
    try {
      reply = method.handler(args as never, call);
      // Within, because a getter may throw.
      isLater = isThenable(reply);
    } catch (error) {
      this.#finish(header, () => this.#answerError(header, errorText(error)));
      return;
    }
    const answer = (value: unknown) =>
      this.#finish(header, () => this.#answer(header, method, value, scope));
    const refuse = (error: unknown) =>
      this.#finish(header, () => this.#answerError(header, errorText(error)));
    if (isLater) Promise.resolve(reply).then(answer, refuse);
    else answer(reply);
  }

  #begin(header: RequestHeader): void {
    this.#running.add(header);
    if (this.#running.size >= this.#maxCalls) this.#pause("calls");
  }

  /** A handler has ended: its answer goes out, unless {@link fail} has answered for it. */
  #finish(header: RequestHeader, answer: () => void): void {
    if (this.#running.has(header)) answer();
    this.#running.delete(header);
    if (this.#running.size < this.#maxCalls) this.#resume("calls");
    this.#closeWhenDone();
  }

  fail(text: string): void {
    for (const header of this.#running) this.#answerError(header, text);
    this.#running.clear();
    this.#outbox.flush();
  }

  #answer(
    header: RequestHeader,
    method: ServiceMethod,
    reply: unknown,
    scope: CallScope | undefined,
  ): void {
    try {
      const response = { ServiceMethod: header.ServiceMethod, Seq: header.Seq, Error: "" };
      this.#codec.appendResponse(response, method.reply, reply, scope);
      scope?.commit();
    } catch (error) {
      scope?.rollback();
      // [NETRPC-12] Go has sent the header by then and must close; here nothing has gone out.
      this.#answerError(header, errorText(error));
      return;
    }
    this.#outbox.appended();
  }

  /** [NETRPC-6] The body is always the empty struct: Go hangs on others. */
  #answerError(header: RequestHeader, text: string): void {
    const response = { ServiceMethod: header.ServiceMethod, Seq: header.Seq, Error: text };
    this.#codec.appendResponse(response, empty(), undefined, undefined);
    this.#outbox.appended();
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

  #endInput(error: Error | undefined): void {
    if (this.#inputEnded) return;
    this.#inputEnded = true;
    this.#abort.abort(
      new RpcError("shutdown", "netrpc: the connection of this call has ended", { cause: error }),
    );
    this.#closeWhenDone();
  }

  #closeWhenDone(): void {
    if (!this.#inputEnded || this.#running.size > 0) return;
    this.#outbox.flush();
    this.#conn.end();
    this.#resolveDone();
  }
}

/** What a caller reads. Never empty: Go takes an empty text for success [NETRPC-9]. */
function errorText(error: unknown): string {
  try {
    const text = String(error instanceof Error ? error.message : error);
    return text === ""
      ? `${error instanceof Error ? error.name : "error"} without a message`
      : text;
  } catch {
    // Anything can be thrown, also what has no text.
    return "error without a text";
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as { then?: unknown }).then === "function"
  );
}
