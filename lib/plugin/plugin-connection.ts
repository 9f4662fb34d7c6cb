/** A plugin's end of a connection: its three streams, its services, its broker. */
import { Broker } from "../../mux/broker.js";
import { isMuxError } from "../../mux/errors.js";
import type { Session } from "../../mux/session.js";
import type { Transport } from "../../mux/transport.js";
import { Deferred } from "../../protocol/async/deferred.js";
import { type OnHandlerError, RpcServer, service } from "../../protocol/netrpc/index.js";
import { MuxBroker } from "../contract/mux-broker.js";
import type { ServerPluginSet } from "../contract/plugin.js";
import {
  CONTROL_SERVICE,
  controlMethods,
  DISPENSER_SERVICE,
  dispenserMethods,
  PLUGIN_SERVICE,
} from "../contract/services.js";
import { KeepAlive } from "../keep-alive.js";
import { mismatchesTo } from "../observe/field-mismatches.js";
import { handlerErrorsTo } from "../observe/handler-errors.js";
import { failuresTo, type Logger, type OnFailure } from "../observe/logger.js";
import { openSession } from "../observe/open-session.js";
import { watchedService } from "../observe/watch-call.js";
import { watchedConn } from "../observe/watched-conn.js";
import type { ServedConnection } from "./served-connection.js";
import type { SyncOutput } from "./sync-output.js";

/** What is served on a connection. */
export interface PluginConnectionOptions {
  readonly plugins: ServerPluginSet;
  /** Goes out on the second stream. */
  readonly stdout: SyncOutput;
  /** Goes out on the third stream. */
  readonly stderr: SyncOutput;
  /** Gets the failures that no caller sees, and the errors of handlers with their stacks. */
  readonly logger: Logger;
  /** Whether a contract must have the fields of the host's types, and no others. Default false. */
  readonly strict?: boolean | undefined;
}

/** A plugin's connection to one of its hosts. Go: `RPCServer.ServeConn`. */
export class PluginConnection implements ServedConnection {
  readonly #session: Session;
  readonly #options: PluginConnectionOptions;
  readonly #onFailure: OnFailure;
  readonly #onHandlerError: OnHandlerError;
  readonly #quit = new Deferred();
  /** Undefined until the host has opened the three streams. */
  #broker: MuxBroker | undefined;

  constructor(transport: Transport, options: PluginConnectionOptions) {
    this.#session = openSession(transport, "plugin");
    this.#options = options;
    this.#onFailure = failuresTo(options.logger);
    this.#onHandlerError = handlerErrorsTo(options.logger);
  }

  /** Resolves when the host said Quit and the answer is on its way. Stays pending when it never does. */
  get quit(): Promise<void> {
    return this.#quit.promise;
  }

  /** Serves until the control stream or the session ends. Call once. Never rejects. */
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
    if (failure !== undefined && !isNormalEnd(failure)) this.#onFailure(text, failure);
  }

  /** Answers all calls that are being handled with the error `text`. */
  fail(text: string): void {
    this.#broker?.fail(text);
  }

  /** Resolves when what was printed until now has left, or when the host takes nothing of it. */
  async drain(): Promise<void> {
    const { stdout, stderr } = this.#options;
    await Promise.all([stdout.settle(), stderr.settle()]);
  }

  /** Closes the session after everything written. */
  close(): Promise<void> {
    return this.#session.close();
  }

  async #serve(): Promise<void> {
    const { stdout, stderr } = this.#options;
    // Only the order tells which is which [PLUGIN-1].
    const control = await this.#session.accept();
    stdout.attach(await this.#session.accept());
    stderr.attach(await this.#session.accept());
    const inner = new Broker(this.#session);
    inner.run();
    const broker = new MuxBroker(inner, new KeepAlive(), {
      onHandlerError: this.#onHandlerError,
      mismatches: {
        strict: this.#options.strict,
        onMismatch: mismatchesTo("plugin", this.#options.logger),
      },
    });
    this.#broker = broker;
    const server = new RpcServer();
    server.register(
      CONTROL_SERVICE,
      watchedService(
        service(controlMethods, {
          Ping: () => {},
          Quit: async () => {
            // What the program still has open ends in order, whichever side closes first.
            this.#session.expectEnd();
            // Go's hosts close the connection at the answer [PLUGIN-14].
            await this.drain();
            // The answer is written at the end of this turn, so the shutdown starts after it [PLUGIN-3].
            // Go's starts earlier, and one in five to twenty answers is lost.
            setImmediate(() => this.#quit.resolve());
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
    await server.serveConn(watchedConn(control), { onHandlerError: this.#onHandlerError });
  }

  /** [PLUGIN-4] Makes the service before it gives an id out, so that a failure is the answer to Dispense. */
  async #dispense(name: string, broker: MuxBroker): Promise<number> {
    const { plugins } = this.#options;
    const plugin = Object.hasOwn(plugins, name) ? plugins[name] : undefined;
    if (plugin === undefined) throw new Error(`unknown plugin type: ${name}`);
    const methods = await plugin.server(broker);
    if (methods.size === 0) {
      // Go gives out an id, and every call on its stream hangs.
      throw new Error(
        `rpc.Register: type ${PLUGIN_SERVICE} has no exported methods of suitable type`,
      );
    }
    const id = broker.nextId();
    broker
      .acceptAndServe(id, methods, { registry: plugin.registry })
      .catch((error) => this.#onFailure(`plugin dispense error: ${name}`, error));
    return id;
  }
}

/** Hosts close the connection without a GoAway, at their end and after checking whether a plugin is there. */
const isNormalEnd = (error: unknown): boolean =>
  isMuxError(error) && ["eof", "session-shutdown", "connection-lost"].includes(error.code);
