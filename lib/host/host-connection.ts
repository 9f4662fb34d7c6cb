/** A host's connection to a plugin: control, stdio and broker on one yamux session. */
import type { Writable } from "node:stream";
import { Broker } from "../../mux/broker.js";
import type { Session } from "../../mux/session.js";
import type { Stream } from "../../mux/stream.js";
import type { Transport } from "../../mux/transport.js";
import { type CallOptions, RpcClient } from "../../protocol/netrpc/index.js";
import { MuxBroker } from "../contract/mux-broker.js";
import type { ClientOf, ClientPluginSet } from "../contract/plugin.js";
import {
  CONTROL_SERVICE,
  controlMethods,
  DISPENSER_SERVICE,
  dispenserMethods,
} from "../contract/services.js";
import { PluginError } from "../errors.js";
import type { KeepAlive } from "../keep-alive.js";
import { mismatchesTo } from "../observe/field-mismatches.js";
import { handlerErrorsTo } from "../observe/handler-errors.js";
import { type Logger, NULL_LOGGER } from "../observe/logger.js";
import { openSession } from "../observe/open-session.js";
import { watchOwnCall } from "../observe/watch-call.js";
import { watchedConn } from "../observe/watched-conn.js";
import { type PluginEnd, PluginLoss } from "./plugin-loss.js";
import { SyncStream } from "./sync-stream.js";

/** What a connection serves, and where the plugin's output goes. */
export interface HostConnectionOptions<P extends ClientPluginSet> {
  readonly plugins: P;
  /** Gets the plugin's redirected stdout. Default: it is dropped. */
  readonly syncStdout?: Writable | undefined;
  /** Gets the plugin's redirected stderr. Default: it is dropped. */
  readonly syncStderr?: Writable | undefined;
  /** Holds our process while calls are under way. */
  readonly keepAlive: KeepAlive;
  /** Default: none. */
  readonly logger?: Logger | undefined;
  /** Whether a contract must have the fields of the plugin's types, and no others. Default false. */
  readonly strict?: boolean | undefined;
  /** What is known of the plugin's end. Default: nothing, and errors are those of net/rpc and yamux. */
  readonly end?: PluginEnd | undefined;
}

/** A host's connection to a plugin over an open transport. Go: `RPCClient`. */
export class HostConnection<P extends ClientPluginSet = ClientPluginSet> {
  readonly #session: Session;
  readonly #stdio: readonly SyncStream[];
  readonly #control: RpcClient;
  readonly #plugins: P;
  readonly broker: MuxBroker;
  /** Explains the end of this connection. */
  readonly loss: PluginLoss | undefined;

  private constructor(
    session: Session,
    streams: readonly [control: Stream, stdout: Stream, stderr: Stream],
    options: HostConnectionOptions<P>,
  ) {
    const { keepAlive, logger = NULL_LOGGER } = options;
    const [control, stdout, stderr] = streams;
    this.#session = session;
    this.#plugins = options.plugins;
    this.#stdio = [
      new SyncStream(stdout, "stdout", options.syncStdout, logger),
      new SyncStream(stderr, "stderr", options.syncStderr, logger),
    ];
    const broker = new Broker(session);
    broker.run();
    this.loss = options.end && new PluginLoss(options.end, session);
    this.broker = new MuxBroker(broker, keepAlive, {
      loss: this.loss,
      onHandlerError: handlerErrorsTo(logger),
      mismatches: { strict: options.strict, onMismatch: mismatchesTo("host", logger) },
    });
    this.#control = new RpcClient(watchedConn(control), {
      onCall: watchOwnCall,
      explainEnd: this.loss?.callsEnded,
      onBusy: (busy) => (busy ? keepAlive.acquire() : keepAlive.release()),
    });
  }

  /** Opens control, stdout and stderr in this order: only the order tells the plugin which is which [PLUGIN-1]. */
  static async open<P extends ClientPluginSet>(
    transport: Transport,
    options: HostConnectionOptions<P>,
  ): Promise<HostConnection<P>> {
    const session = openSession(transport, "host");
    const streams = [await session.open(), await session.open(), await session.open()] as const;
    return new HostConnection(session, streams, options);
  }

  /**
   * Waits for the plugin's first answer. Opening streams waits for nothing. Thus only this answer shows that the
   * other side speaks yamux, and with TLS, that it accepted our certificate [TLS-8]. A control stream that ends before
   * will not serve: there is no use in waiting on [PLUGIN-16].
   *
   * @throws MuxError - the connection is closed by then. @throws RpcError - why the control stream has ended.
   */
  async confirm(options: {
    readonly timeoutMs: number;
    readonly signal: AbortSignal;
  }): Promise<void> {
    try {
      const controlEnd = this.#control.closed.then((reason) => Promise.reject(reason));
      await Promise.race([this.#session.ping(options), controlEnd]);
    } catch (error) {
      await this.#session.close(error as Error);
      throw error;
    }
  }

  /** Whether the connection has ended. */
  get isClosed(): boolean {
    return this.#session.isClosed;
  }

  /** Resolves when the connection has ended. */
  get closed(): Promise<unknown> {
    return this.#session.closed;
  }

  /**
   * Asks for a new instance of a plugin and dials the stream on which it is served [PLUGIN-4].
   *
   * @throws PluginError `unknown-plugin` if the set lacks the name; nothing is sent then.
   * @throws ServerError - the plugin's answer. Go: `RPCClient.Dispense`.
   */
  async dispense<N extends keyof P & string>(
    name: N,
    options?: CallOptions,
  ): Promise<ClientOf<P[N]>> {
    const plugin = Object.hasOwn(this.#plugins, name) ? this.#plugins[name] : undefined;
    if (plugin === undefined) {
      throw new PluginError("unknown-plugin", `unknown plugin type: ${name}`, {
        phase: "dispense",
      });
    }
    const method = dispenserMethods.Dispense;
    const id = await this.#control.call(`${DISPENSER_SERVICE}.Dispense`, method, name, options);
    const rpc = await this.broker.dialClient(id, { ...options, registry: plugin.registry });
    return (await plugin.client(this.broker, rpc)) as ClientOf<P[N]>;
  }

  /** Calls the plugin and waits for its answer [PLUGIN-3]. Go: `RPCClient.Ping`. */
  async ping(options?: CallOptions): Promise<void> {
    await this.#control.call(`${CONTROL_SERVICE}.Ping`, controlMethods.Ping, true, options);
  }

  /** Asks the plugin to end, and waits for its answer [PLUGIN-3]. */
  async quit(options?: CallOptions): Promise<void> {
    // A plugin may close the connection before we do: streams that are still open are not lost, but closed by us.
    this.#session.expectEnd();
    await this.#control.call(`${CONTROL_SERVICE}.Quit`, controlMethods.Quit, true, options);
  }

  /**
   * Closes the three streams and the session, without a GoAway, as Go does [PLUGIN-6]. The output that has arrived still
   * goes to the user's streams, as fast as they take it.
   */
  async close(): Promise<void> {
    await this.#control.close();
    for (const { stream } of this.#stdio) stream.end();
    await this.#session.close();
    await Promise.all(this.#stdio.map((sync) => sync.delivered()));
  }
}
