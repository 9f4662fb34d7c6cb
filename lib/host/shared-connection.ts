/** The one connection of a client, made when it is first needed and shared by all callers. */
import { type GiveUpReason, type WaitOptions, within } from "../../protocol/async/wait.js";
import { PluginError } from "../errors.js";
import type { HostConnection } from "./host-connection.js";

/** Dials once for all callers. */
export class SharedConnection {
  readonly #dial: (signal: AbortSignal) => Promise<HostConnection>;
  readonly #abort = new AbortController();
  #attempt: Promise<HostConnection> | undefined;

  /** @param dial - makes a connection until `signal` fires, and then rejects with the signal's reason. */
  constructor(dial: (signal: AbortSignal) => Promise<HostConnection>) {
    this.#dial = dial;
  }

  /** The connection. A failed attempt is forgotten, and the next call dials again. */
  open(): Promise<HostConnection> {
    this.#attempt ??= this.#dial(this.#abort.signal).catch((error) => {
      this.#attempt = undefined;
      throw error;
    });
    return this.#attempt;
  }

  /** As {@link open}, but one that has ended is replaced: the plugin must answer now. */
  async openLive(): Promise<HostConnection> {
    const connection = await this.open();
    if (!connection.isClosed) return connection;
    this.#attempt = undefined;
    return this.open();
  }

  /**
   * Waits for the connection no longer than this caller wants to. The attempt goes on for the others.
   *
   * @throws PluginError `connect-timeout`, `aborted`, and the errors of `open`.
   */
  openWithin(wait: WaitOptions = {}): Promise<HostConnection> {
    const { signal, timeoutMs } = wait;
    const giveUp = (why: GiveUpReason) =>
      why === "timeout"
        ? new PluginError(
            "connect-timeout",
            `plugin: no connection within the ${timeoutMs} ms of this call`,
            { phase: "connect" },
          )
        : new PluginError("aborted", "plugin: waiting for a connection aborted", {
            phase: "connect",
            cause: signal?.reason,
          });
    return within(this.open(), wait, giveUp);
  }

  /** Ends an attempt under way, and all later ones, with `reason`. A connection that is made stays. */
  stopDialling(reason: Error): void {
    this.#abort.abort(reason);
  }

  /** Closes the connection, if one was made. */
  async close(): Promise<void> {
    const connection = await this.#attempt?.catch(() => undefined);
    await connection?.close();
  }
}
