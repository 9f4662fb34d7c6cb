/** Further streams beside the first three, and net/rpc on them. */
import type { Broker } from "../../mux/broker.js";
import type { Stream } from "../../mux/stream.js";
import { Bound } from "../../protocol/async/wait.js";
import type { ByteConn } from "../../protocol/bytes/conn.js";
import type { MismatchOptions } from "../../protocol/gob/index.js";
import type { Registry } from "../../protocol/gob/registry.js";
import {
  gobClientCodec,
  gobServerCodec,
  type OnHandlerError,
  RpcClient,
  RpcServer,
  type Service,
} from "../../protocol/netrpc/index.js";
import type { KeepAlive } from "../keep-alive.js";
import { traceWait } from "../observe/trace.js";
import { watchedService, watchOwnCall } from "../observe/watch-call.js";
import { watchedConn } from "../observe/watched-conn.js";
import { LoanScope } from "./loan-scope.js";
import { ExplainedStream, type LossExplainer } from "./loss.js";
import { PLUGIN_SERVICE } from "./services.js";

/** Limits on the wait for the peer. */
export interface BrokerWait {
  /** Gives the wait up with code `aborted`. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds. Default: 5,000 to accept, 7,500 to dial [BROKER-8]. */
  readonly timeoutMs?: number | undefined;
}

/** Options of net/rpc on a stream of the broker. */
export interface BrokerCalls extends BrokerWait {
  /** The types behind Go interfaces in the calls, by name. Default: only the predeclared types. */
  readonly registry?: Registry | undefined;
}

/** What the side to which a broker belongs wants to say or to hear. */
export interface BrokerHooks {
  /** Explains to callers why their connection was lost. Default: errors are those of the layers below. */
  readonly loss?: LossExplainer | undefined;
  /** Gets the errors of the handlers that are served. */
  readonly onHandlerError?: OnHandlerError | undefined;
  /** What to do about contracts that do not match the peer's types. */
  readonly mismatches?: MismatchOptions | undefined;
}

/**
 * Opens further streams between host and plugin. One side accepts an id, sends it to the other in a call, and the
 * other dials it. The broker needs only a session, so it also works without go-plugin's control streams.
 * Go: `MuxBroker`.
 */
export class MuxBroker {
  readonly #broker: Broker;
  readonly #keepAlive: KeepAlive;
  readonly #loss: LossExplainer | undefined;
  readonly #onHandlerError: OnHandlerError | undefined;
  readonly #mismatches: MismatchOptions;
  readonly #servers = new Set<RpcServer>();
  readonly #newScope = () => new LoanScope<MuxBroker>(this);

  constructor(
    broker: Broker,
    keepAlive: KeepAlive,
    { loss, onHandlerError, mismatches = {} }: BrokerHooks = {},
  ) {
    this.#broker = broker;
    this.#keepAlive = keepAlive;
    this.#loss = loss;
    this.#onHandlerError = onHandlerError;
    this.#mismatches = mismatches;
  }

  /** A new id for {@link accept}. The side that accepts takes it. Go: `NextId`. */
  nextId(): number {
    return this.#broker.nextId();
  }

  /**
   * Waits until the peer dials `id`. The stream carries any bytes. `toDuplex` and `toWeb` make Node's and the
   * web's streams of it. Like a socket it keeps the process alive until it is closed.
   *
   * @throws MuxError `timeout`, `session-shutdown`, `aborted`. @throws PluginError on a host whose plugin has ended.
   * Go: `Accept`.
   */
  async accept(id: number, wait?: BrokerWait): Promise<Stream> {
    return this.#hold(await this.#accept(id, wait));
  }

  /**
   * Opens the stream that the peer accepts as `id`. Resolves when the peer has accepted it. The stream keeps the
   * process alive as that of `accept` does.
   *
   * @throws MuxError `timeout`, `bad-ack`, `session-shutdown`, `aborted`. @throws PluginError on a host whose plugin has
   * ended. Go: `Dial`.
   */
  async dial(id: number, wait?: BrokerWait): Promise<Stream> {
    return this.#hold(await this.dialForCalls(id, wait));
  }

  /**
   * Accepts `id` and serves `service` on it under the name `Plugin`. Resolves when the peer closes the stream or
   * `options.signal` fires. The process is kept alive until the peer has dialled, and not afterwards.
   *
   * @throws MuxError as `accept`. Go: `AcceptAndServe`, which only logs the failure.
   */
  async acceptAndServe(id: number, service: Service, options: BrokerCalls = {}): Promise<void> {
    const { signal, registry } = options;
    const server = new RpcServer();
    server.register(PLUGIN_SERVICE, watchedService(service));
    const stream = await this.#accept(id, options);
    const bound = new Bound({ signal }, () => stream.destroy());
    // It may have fired since the accept, which a Bound does not notice.
    if (signal?.aborted) stream.destroy();
    this.#servers.add(server);
    const codec = gobServerCodec({ registry, decoder: this.#mismatches });
    await server.serveConn(watchedConn(stream), {
      codec,
      newScope: this.#newScope,
      onHandlerError: this.#onHandlerError,
    });
    this.#servers.delete(server);
    bound.release();
  }

  /** As {@link dial}, but the open stream does not keep the process alive: for net/rpc, whose calls do. */
  dialForCalls(id: number, wait?: BrokerWait): Promise<Stream> {
    return this.#keepAlive.during(() =>
      traceWait("broker", `dial of id ${id}`, this.#explained(this.#broker.dial(id, wait))),
    );
  }

  /**
   * A net/rpc client on the stream that the peer serves as `id` with {@link acceptAndServe}.
   *
   * @throws MuxError as {@link dial}.
   */
  async dialClient(id: number, options: BrokerCalls = {}): Promise<RpcClient> {
    return this.rpcClient(await this.dialForCalls(id, options), options.registry);
  }

  /** A net/rpc client on an open stream of this session. Its calls can lend and borrow. */
  rpcClient(conn: ByteConn, registry?: Registry): RpcClient {
    return new RpcClient(watchedConn(conn), {
      codec: gobClientCodec({ registry, decoder: this.#mismatches }),
      onCall: watchOwnCall,
      explainEnd: this.#loss?.callsEnded,
      newScope: this.#newScope,
      onBusy: (busy) => (busy ? this.#keepAlive.acquire() : this.#keepAlive.release()),
    });
  }

  #accept(id: number, wait?: BrokerWait): Promise<Stream> {
    return this.#keepAlive.during(() =>
      traceWait("broker", `accept of id ${id}`, this.#explained(this.#broker.accept(id, wait))),
    );
  }

  async #explained<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      throw (await this.#loss?.waitFailed(error)) ?? error;
    }
  }

  #hold(stream: Stream): Stream {
    this.#keepAlive.acquire();
    stream.closed.then(() => this.#keepAlive.release());
    return this.#loss === undefined ? stream : new ExplainedStream(stream, this.#loss);
  }

  /** Answers all calls that {@link acceptAndServe} is handling with the error `text`. */
  fail(text: string): void {
    for (const server of this.#servers) server.fail(text);
  }

  /** Closes the whole session, with control and stdio. Go: `Close`. */
  close(): Promise<void> {
    return this.#broker.close();
  }
}
