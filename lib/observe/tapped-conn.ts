import type { Transport } from "../../mux/transport.js";
import type { ByteConn, ConnHandler } from "../../protocol/bytes/conn.js";
import { ForwardingConn } from "../../protocol/bytes/forwarding-conn.js";

/** Sees every byte of a connection, in order, before it goes on. Chunks are borrowed. */
export interface Tap {
  onIn(chunk: Uint8Array): void;
  onOut(chunk: Uint8Array): void;
}

/** A connection with a listener on it, which changes nothing. */
export class TappedConn extends ForwardingConn {
  readonly #tap: Tap;

  constructor(conn: ByteConn, tap: Tap) {
    super(conn);
    this.#tap = tap;
  }

  start(sink: ConnHandler): void {
    this.conn.start({
      onData: (chunk) => {
        this.#tap.onIn(chunk);
        sink.onData(chunk);
      },
      onEnd: (error) => sink.onEnd(error),
      onDrain: () => sink.onDrain?.(),
    });
  }
  override write(chunk: Uint8Array, onSent?: () => void): boolean {
    this.#tap.onOut(chunk);
    return this.conn.write(chunk, onSent);
  }
}

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
}
