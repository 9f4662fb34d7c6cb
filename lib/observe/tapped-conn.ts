/** Connections that somebody listens to. */
import type { Transport } from "../../mux/transport.js";
import type { ByteConn, ConnHandler } from "../../protocol/bytes/conn.js";
import { ForwardingConn } from "../../protocol/bytes/forwarding-conn.js";

/** Sees every byte of a connection, in order, before it goes on. Chunks are borrowed. */
export interface Tap {
  /** The peer sent `chunk`. */
  onIn(chunk: Uint8Array): void;
  /** We send `chunk`. */
  onOut(chunk: Uint8Array): void;
}

/** Shows a tap what passes over a connection, and changes nothing. */
export class TappedConn extends ForwardingConn {
  readonly #tap: Tap;

  constructor(conn: ByteConn, tap: Tap) {
    super(conn);
    this.#tap = tap;
  }

  start(handler: ConnHandler): void {
    this.conn.start({
      onData: (chunk) => {
        this.#tap.onIn(chunk);
        handler.onData(chunk);
      },
      onEnd: (error) => handler.onEnd(error),
      onDrain: () => handler.onDrain?.(),
    });
  }
  override write(chunk: Uint8Array, onSent?: () => void): boolean {
    this.#tap.onOut(chunk);
    return this.conn.write(chunk, onSent);
  }
}

/** The same for the connection below a session. */
export class TappedTransport extends TappedConn implements Transport {
  readonly #transport: Transport;

  constructor(transport: Transport, tap: Tap) {
    super(transport, tap);
    this.#transport = transport;
  }
  cork(): void {
    this.#transport.cork();
  }
  uncork(): void {
    this.#transport.uncork();
  }
  whenTaken(onTaken: () => void): void {
    if (this.#transport.whenTaken === undefined) onTaken();
    else this.#transport.whenTaken(onTaken);
  }
}
