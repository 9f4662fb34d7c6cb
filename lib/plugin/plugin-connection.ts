import { Broker } from "../../mux/broker.js";
import { isMuxError } from "../../mux/errors.js";
import type { Session } from "../../mux/session.js";
import type { Transport } from "../../mux/transport.js";
import { RpcServer, service } from "../../protocol/netrpc/index.js";
import {
  CONTROL_SERVICE,
  controlMethods,
  DISPENSER_SERVICE,
  dispenserMethods,
  PLUGIN_SERVICE,
} from "../contract/services.js";
import { MuxBroker } from "../contract/mux-broker.js";
import type { ServerPluginSet } from "../contract/plugin.js";
import { KeepAlive } from "../keep-alive.js";
import { watchedConn, watchedService } from "../observe/watch-call.js";
import { openSession } from "../observe/open-session.js";
import type { SyncOutput } from "./sync-output.js";

export interface PluginConnectionOptions {
  readonly plugins: ServerPluginSet;
  /** What the plugin prints, for streams 2 and 3. */
  readonly stdout: SyncOutput;
  readonly stderr: SyncOutput;
  /** Control.Quit was answered, and the answer is on its way. */
  readonly onQuit: () => void;
  /** A failure that no caller sees. */
  readonly onError: (text: string, error: unknown) => void;
}

/** A plugin's connection to one of its hosts. Go: `RPCServer.ServeConn`. */
export class PluginConnection {
  readonly #session: Session;
  readonly #options: PluginConnectionOptions;
  #broker: MuxBroker | undefined;

  constructor(transport: Transport, options: PluginConnectionOptions) {
    this.#session = openSession(transport, "plugin");
    this.#options = options;
  }

  /** Serves until the control stream or the session ends; never rejects. */
  async serve(): Promise<void> {
    let text = "connection lost";
    let failure: unknown;
    try {
      await this.#serve();
    } catch (error) {
      text = "error accepting connection";
      failure = error;
    }
    await this.#session.close();
    failure ??= await this.#session.closed;
    if (failure !== undefined && !isNormalEnd(failure)) this.#options.onError(text, failure);
  }

  /** Answers every call that is being handled with an error. */
  fail(text: string): void {
    this.#broker?.fail(text);
  }

  close(): Promise<void> {
    return this.#session.close();
  }

  async #serve(): Promise<void> {
    const { stdout, stderr, onQuit } = this.#options;
    // By order of arrival; nothing on the wire says which is which [PLUGIN-1].
    const control = await this.#session.accept();
    stdout.attach(await this.#session.accept());
    stderr.attach(await this.#session.accept());
    const inner = new Broker(this.#session);
    inner.run();
    const broker = new MuxBroker(inner, new KeepAlive());
    this.#broker = broker;
    const server = new RpcServer();
    server.register(
      CONTROL_SERVICE,
      watchedService(
        service(controlMethods, {
          Ping: () => {},
          Quit: () => {
            // After this turn: the answer is written first, and goes out before we shut down
            // [PLUGIN-3]. Go ends before, and loses one answer in five to twenty.
            setImmediate(onQuit);
          },
        }),
      ),
    );
    server.register(
      DISPENSER_SERVICE,
      watchedService(
        service(dispenserMethods, { Dispense: (name) => this.#dispense(name, broker) }),
      ),
    );
    await server.serveConn(watchedConn(control));
  }

  /** [PLUGIN-4] The service is made before the id is given out: its failure is the answer. */
  async #dispense(name: string, broker: MuxBroker): Promise<number> {
    const { plugins, onError } = this.#options;
    const plugin = Object.hasOwn(plugins, name) ? plugins[name] : undefined;
    if (plugin === undefined) throw new Error(`unknown plugin type: ${name}`);
    const methods = await plugin.server(broker);
    if (methods.size === 0) {
      // Go answers and leaves the stream open, and every call on it hangs.
      throw new Error(
        `rpc.Register: type ${PLUGIN_SERVICE} has no exported methods of suitable type`,
      );
    }
    const id = broker.nextId();
    broker
      .acceptAndServe(id, methods, { registry: plugin.registry })
      .catch((error) => onError(`plugin dispense error: ${name}`, error));
    return id;
  }
}

/** Hosts hang up without a word: when they end, and when they only look whether we are there. */
const isNormalEnd = (error: unknown): boolean =>
  isMuxError(error) && ["eof", "session-shutdown", "connection-lost"].includes(error.code);
