import type { Broker } from "../../mux/broker.js";
import type { Stream } from "../../mux/stream.js";
import type { ByteConn } from "../../protocol/bytes/conn.js";
import type { Registry } from "../../protocol/gob/registry.js";
import {
  gobClientCodec,
  gobServerCodec,
  RpcClient,
  RpcServer,
  type Service,
} from "../../protocol/netrpc/index.js";
import type { KeepAlive } from "../keep-alive.js";
import { watchedConn, watchedService, watchOwnCall } from "../observe/watch-call.js";
import { traceWait } from "../observe/trace.js";
import { PLUGIN_SERVICE } from "./services.js";
import { LoanScope } from "./loan-scope.js";

export interface BrokerWait {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds; default 5,000 to accept, a little more to dial. */
  readonly timeoutMs?: number | undefined;
}

export interface BrokerCalls extends BrokerWait {
  /** The types behind Go interfaces in the calls, by name. Default: the predeclared types only. */
  readonly registry?: Registry | undefined;
}

/**
 * Further streams between host and plugin, told apart by ids that calls carry. Either side accepts,
 * the other dials. It needs nothing but a session, so it works without go-plugin's control streams.
 * Go: `MuxBroker`.
 */
export class MuxBroker {
  readonly #broker: Broker;
  readonly #keepAlive: KeepAlive;
  readonly #servers = new Set<RpcServer>();
  readonly #newScope = () => new LoanScope<MuxBroker>(this);

  constructor(broker: Broker, keepAlive: KeepAlive) {
    this.#broker = broker;
    this.#keepAlive = keepAlive;
  }

  /** An id that this side has not used yet; the side that accepts takes it. Go: `NextId`. */
  nextId(): number {
    return this.#broker.nextId();
  }

  /**
   * Waits for the peer to dial `id`. The stream carries any bytes; `toDuplex` and `toWeb` give it
   * the usual faces. Like a socket it keeps the process alive until it is closed.
   *
   * @throws MuxError `timeout`, `session-shutdown`, `aborted`. Go: `Accept`.
   */
  async accept(id: number, wait?: BrokerWait): Promise<Stream> {
    return this.#hold(await this.#accept(id, wait));
  }

  /**
   * Opens the stream that the peer accepts as `id`; resolves when it has. Keeps the process alive as
   * `accept` does.
   *
   * @throws MuxError `timeout`, `bad-ack`, `session-shutdown`, `aborted`. Go: `Dial`.
   */
  async dial(id: number, wait?: BrokerWait): Promise<Stream> {
    return this.#hold(await this.dialForCalls(id, wait));
  }

  /**
   * Accepts `id` and serves `service` on it, under the name `Plugin`, until the peer closes it or
   * `options.signal` fires. Only the waiting for the peer keeps the process alive, not the serving.
   *
   * @throws MuxError as `accept`. Go: `AcceptAndServe`, which only logs the failure.
   */
  async acceptAndServe(id: number, service: Service, options: BrokerCalls = {}): Promise<void> {
    const { signal, registry } = options;
    const server = new RpcServer();
    server.register(PLUGIN_SERVICE, watchedService(service));
    const stream = await this.#accept(id, options);
    const onAbort = () => stream.destroy();
    // It may have fired since the accept.
    if (signal?.aborted) onAbort();
    signal?.addEventListener("abort", onAbort, { once: true });
    this.#servers.add(server);
    const codec = gobServerCodec({ registry });
    await server.serveConn(watchedConn(stream), { codec, newScope: this.#newScope });
    this.#servers.delete(server);
    signal?.removeEventListener("abort", onAbort);
  }

  /** As `dial`, for net/rpc: its calls keep the process alive, the open stream does not. */
  dialForCalls(id: number, wait?: BrokerWait): Promise<Stream> {
    return this.#keepAlive.during(() =>
      traceWait("broker", `dial of id ${id}`, this.#broker.dial(id, wait)),
    );
  }

  /** Dials `id` for net/rpc: the other end of {@link acceptAndServe}. */
  async dialClient(id: number, options: BrokerCalls = {}): Promise<RpcClient> {
    return this.rpcClient(await this.dialForCalls(id, options), options.registry);
  }

  /** net/rpc on a stream of this session, with what lent schemas need. */
  rpcClient(conn: ByteConn, registry?: Registry): RpcClient {
    return new RpcClient(watchedConn(conn), {
      codec: gobClientCodec({ registry }),
      onCall: watchOwnCall,
      newScope: this.#newScope,
      onBusy: (busy) => (busy ? this.#keepAlive.acquire() : this.#keepAlive.release()),
    });
  }

  #accept(id: number, wait?: BrokerWait): Promise<Stream> {
    return this.#keepAlive.during(() =>
      traceWait("broker", `accept of id ${id}`, this.#broker.accept(id, wait)),
    );
  }

  #hold(stream: Stream): Stream {
    this.#keepAlive.acquire();
    stream.closed.then(() => this.#keepAlive.release());
    return stream;
  }

  /** Answers every call that services accepted here are handling with an error. */
  fail(text: string): void {
    for (const server of this.#servers) server.fail(text);
  }

  /** Closes the whole session, control and stdio included. Go: `Close`. */
  close(): Promise<void> {
    return this.#broker.close();
  }
}
