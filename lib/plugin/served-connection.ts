/** A connection of a plugin to one of its hosts, whatever is spoken on it. */
import type { Duplex } from "node:stream";
import { Deferred } from "../../protocol/async/deferred.js";
import type { OnFailure } from "../observe/logger.js";

/** What a plugin's server needs of a connection. */
export interface ServedConnection {
  /** Resolves when the host has asked the plugin to end. Stays pending when it never does. */
  readonly quit: Promise<void>;
  /** Serves until the connection ends. Called once. Never rejects. */
  serve(): Promise<void>;
  /** Answers all calls that are being handled with the error `text`. */
  fail(text: string): void;
  /** Resolves when what was printed until now has left, or when the host takes nothing of it. */
  drain(): Promise<void>;
  /** Ends the connection after everything written. */
  close(): Promise<void>;
}

/** Serves a connection in a way of the user's own, until the promise settles. */
export type ServeConn = (conn: Duplex) => Promise<void> | void;

/** A connection that a function of the user serves. */
export class ForeignConnection implements ServedConnection {
  readonly quit = new Deferred().promise;
  readonly #conn: Duplex;
  readonly #serveConn: ServeConn;
  readonly #onFailure: OnFailure;

  constructor(conn: Duplex, serveConn: ServeConn, onFailure: OnFailure) {
    // The user's function may not listen. An error without a listener would end the process.
    this.#conn = conn.on("error", () => {});
    this.#serveConn = serveConn;
    this.#onFailure = onFailure;
  }

  async serve(): Promise<void> {
    const closed = new Promise((resolve) => this.#conn.once("close", resolve));
    try {
      await this.#serveConn(this.#conn);
    } catch (error) {
      this.#onFailure("connection lost", error);
      this.#conn.destroy();
    }
    await closed;
  }

  /** The user's function has its own ways to tell its peer. */
  fail(): void {}

  /** What is printed does not go there. */
  drain(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.#conn.end();
    return Promise.resolve();
  }
}
