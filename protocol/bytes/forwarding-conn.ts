import type { ByteConn, ConnHandler } from "./conn.js";

/** A connection on top of another, which differs in how it starts and hands the rest on. */
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
