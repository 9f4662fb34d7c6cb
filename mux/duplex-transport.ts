/** A Node Duplex (a socket, TLS, a pair in memory) as the connection below a session. */

import type { Duplex } from "node:stream";
import type { ConnHandler } from "../protocol/bytes/conn.js";
import type { Transport } from "./transport.js";

/** Its write calls back after all writes before it. */
const NOTHING = new Uint8Array(0);

/** What is known of a Duplex beyond its type. */
export interface FromDuplexOptions {
  /**
   * Whether the Duplex no longer needs a chunk when its write has called back, so that the memory of the
   * chunk can be used again. True of Node's sockets; another Duplex may have handed the chunk on.
   * Default false.
   */
  readonly releasesChunks?: boolean;
}

/**
 * Any Node Duplex as the connection below a session. The session ends and destroys it. An error of the
 * Duplex ends the session with `connection-lost`, also an error before the session starts.
 */
export function fromDuplex(duplex: Duplex, options: FromDuplexOptions = {}): Transport {
  return new DuplexTransport(duplex, options);
}

/** For a Duplex that our own code made. */
export interface DuplexTransportOptions extends FromDuplexOptions {
  /** Makes what is read from now on arrive at `handler`. Default: the `data` events of the Duplex. */
  readonly read?: (handler: ConnHandler) => void;
}

/** How far reading got. Writing may go on after the end of reading, so the handler stays for `onDrain`. */
type Reading =
  | { readonly kind: "idle" }
  /** The Duplex ended before anybody started to read. */
  | { readonly kind: "lost"; readonly error: Error | undefined }
  | { readonly kind: "started"; readonly handler: ConnHandler }
  | { readonly kind: "ended"; readonly handler: ConnHandler };

/** {@link fromDuplex}, with the Duplex at hand. */
export class DuplexTransport<D extends Duplex = Duplex> implements Transport {
  readonly duplex: D;
  /** Called when the Duplex has ended. The handler is told when what it returns has settled. Default: at once. */
  beforeEnd: (() => Promise<unknown> | undefined) | undefined;
  readonly #read: (handler: ConnHandler) => void;
  readonly #releasesChunks: boolean;
  #reading: Reading = { kind: "idle" };

  constructor(duplex: D, options: DuplexTransportOptions = {}) {
    this.duplex = duplex;
    this.#read = options.read ?? ((handler) => this.#readEvents(handler));
    this.#releasesChunks = options.releasesChunks === true;
    // Listens from the start: an error before `start`, or after the end, must not be an uncaught one.
    duplex.on("error", (error: Error) => this.#end(error));
    duplex.on("end", () => this.#end(undefined));
    duplex.on("close", () => this.#end(undefined));
    duplex.on("drain", () => this.#drained());
  }

  start(handler: ConnHandler): void {
    // It may have ended before we listened.
    const { destroyed, readableEnded, errored } = this.duplex;
    if (destroyed || readableEnded) this.#end(errored ?? undefined);
    if (this.#reading.kind === "lost") {
      const { error } = this.#reading;
      this.#reading = { kind: "ended", handler };
      process.nextTick(() => handler.onEnd(error));
      return;
    }
    this.#reading = { kind: "started", handler };
    this.#read(handler);
    // Sockets may come paused.
    this.duplex.resume();
  }

  write(chunk: Uint8Array, onSent?: () => void): boolean {
    if (this.duplex.destroyed || this.duplex.writableEnded) return true;
    if (onSent === undefined || !this.#releasesChunks) return this.duplex.write(chunk);
    return this.duplex.write(chunk, (error) => error ?? onSent());
  }

  cork(): void {
    this.duplex.cork();
  }

  uncork(): void {
    this.duplex.uncork();
  }

  whenTaken(onTaken: () => void): void {
    const { destroyed, writableEnded, writableLength } = this.duplex;
    if (destroyed || writableEnded || writableLength === 0) onTaken();
    else this.duplex.write(NOTHING, () => onTaken());
  }

  pause(): void {
    this.duplex.pause();
  }

  resume(): void {
    this.duplex.resume();
  }

  end(): void {
    this.duplex.end();
  }

  destroy(error?: Error): void {
    this.duplex.destroy(error);
  }

  #readEvents(handler: ConnHandler): void {
    this.duplex.on("data", (chunk: Uint8Array) => handler.onData(chunk));
  }

  /** `end`, `error` and `close` may all come: the first one counts. */
  #end(error: Error | undefined): void {
    if (this.#reading.kind === "idle") this.#reading = { kind: "lost", error };
    if (this.#reading.kind !== "started") return;
    const { handler } = this.#reading;
    this.#reading = { kind: "ended", handler };
    const delay = this.beforeEnd?.();
    const tell = () => handler.onEnd(error);
    if (delay === undefined) tell();
    else void delay.then(tell, tell);
  }

  #drained(): void {
    if ("handler" in this.#reading) this.#reading.handler.onDrain?.();
  }
}
