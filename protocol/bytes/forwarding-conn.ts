/** A base for connections on top of another one, which change how bytes are received. */
import type { ByteConn, ConnHandler } from "./conn.js";

/** Passes every call on. A subclass implements {@link start}, where it can look at the bytes that arrive. */
export abstract class ForwardingConn implements ByteConn {
  protected readonly conn: ByteConn;

  constructor(conn: ByteConn) {
    this.conn = conn;
  }

  abstract start(handler: ConnHandler): void;
  write(chunk: Uint8Array, onSent?: () => void): boolean {
    return this.conn.write(chunk, onSent);
  }
  flush(): void {
    this.conn.flush?.();
  }
  pause(): void {
    this.conn.pause();
  }
  resume(): void {
    this.conn.resume();
  }
  end(): void {
    this.conn.end();
  }
  destroy(error?: Error): void {
    this.conn.destroy(error);
  }
}
