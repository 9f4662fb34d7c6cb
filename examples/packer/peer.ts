import type { Duplex } from "node:stream";
import {
  msgpackClientCodec,
  msgpackServerCodec,
  RpcClient,
  RpcServer,
  type Service,
} from "goplug/netrpc";
import { Broker, fromDuplex, Session, type Stream, toDuplex } from "goplug/yamux";

/** Services by their names. */
export type Services = Readonly<Record<string, Service>>;

/** The id of the first stream of every connection. Further streams have ids from 1 on. */
export const MAIN_ID = 0;

/**
 * One end of a connection between Packer and a plugin: yamux with the broker, and net/rpc in msgpack on each stream.
 * There are no control, dispenser or stdio streams [NETRPC-26].
 */
export class PackerPeer {
  readonly #session: Session;
  readonly #broker: Broker;

  private constructor(session: Session) {
    this.#session = session;
    this.#broker = new Broker(session);
    this.#broker.run();
  }

  /** The end of Packer. */
  static host(socket: Duplex): PackerPeer {
    return new PackerPeer(Session.client(fromDuplex(socket)));
  }
  /** The end of a plugin. */
  static plugin(socket: Duplex): PackerPeer {
    return new PackerPeer(Session.server(fromDuplex(socket)));
  }

  /** How many streams are open, in both directions. */
  get streamCount(): number {
    return this.#session.numStreams;
  }
  get closed(): Promise<unknown> {
    return this.#session.closed;
  }
  close(): Promise<void> {
    return this.#session.close();
  }

  nextId(): number {
    return this.#broker.nextId();
  }

  /**
   * Serves services by name on the stream that the peer dials as `id`, until the peer closes it.
   *
   * @param services - or a function that makes them. It gets what adds further services later.
   */
  async serve(
    id: number,
    services: Services | ((register: RpcServer["register"]) => Services),
  ): Promise<void> {
    const server = new RpcServer();
    const first =
      typeof services === "function"
        ? services((name, service) => server.register(name, service))
        : services;
    for (const [name, service] of Object.entries(first)) server.register(name, service);
    const stream = await this.#broker.accept(id);
    await server.serveConn(stream, { codec: msgpackServerCodec() });
  }

  /** A client for calls on the stream that the peer serves as `id`. */
  async dial(id: number): Promise<RpcClient> {
    return new RpcClient(await this.#broker.dial(id), { codec: msgpackClientCodec() });
  }

  /** A stream of raw bytes that the peer dials. */
  async acceptRaw(id: number): Promise<Duplex> {
    return raw(await this.#broker.accept(id));
  }
  /** A stream of raw bytes that the peer accepts. */
  async dialRaw(id: number): Promise<Duplex> {
    return raw(await this.#broker.dial(id));
  }
}

/** A read or write reports an error of the stream. An error between two of them must not end the process. */
function raw(stream: Stream): Duplex {
  return toDuplex(stream).on("error", () => {});
}
