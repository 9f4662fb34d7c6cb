/** A connection on top of another that passes everything on except what arrives. */
import type { ByteConn, ConnHandler } from "./conn.js";

/** Only {@link start} is the subclass's own: what arrives can be looked at or replaced there. */
export abstract class ForwardingConn implements ByteConn {
  protected readonly conn: ByteConn;

  constructor(conn: ByteConn) {
    this.conn = conn;
  }

  abstract start(sink: ConnHandler): void;
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
