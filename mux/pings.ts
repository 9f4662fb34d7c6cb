/** Our pings that wait for answers; a ping and its answer carry the same value [YAMUX-42]. */

import type { Wait } from "../protocol/async/wait.js";
import { type MuxError, yamuxError } from "./errors.js";
import { FLAG, TYPE } from "./frame.js";
import type { FrameWriter } from "./frame-writer.js";
import { muxWait, throwIfAborted, type WaitOptions } from "./wait.js";

/** Sends pings and measures how long the answers take. */
export class Pings {
  readonly #writer: FrameWriter;
  readonly #pending = new Map<number, Wait<void>>();
  #next = 0;

  constructor(writer: FrameWriter) {
    this.#writer = writer;
  }

  /**
   * Sends a ping and resolves with the milliseconds to its answer.
   * @throws MuxError `timeout`, `connection-write-timeout`, `aborted`, and the error of {@link fail}.
   */
  async send(options: WaitOptions): Promise<number> {
    throwIfAborted(options, "ping");
    const value = this.#next;
    this.#next = (value + 1) >>> 0;
    const startMs = performance.now();
    const wait = muxWait<void>(options, (code, cause) => {
      this.#pending.delete(value);
      // As Go does: a ping that could not be written has another error than a ping without an answer.
      const unsent = code === "timeout" && this.#writer.isBlocked;
      const waited = `ping ${value}, after ${Math.round(performance.now() - startMs)} ms`;
      return yamuxError(unsent ? "connection-write-timeout" : code, waited, { cause });
    });
    this.#pending.set(value, wait);
    this.#writer.control(TYPE.Ping, FLAG.SYN, 0, value);
    await wait.promise;
    return performance.now() - startMs;
  }

  /** An answer came. Late answers, and answers to nothing, are ignored. */
  receive(value: number): void {
    const wait = this.#pending.get(value);
    this.#pending.delete(value);
    wait?.resolve();
  }

  /** The session ended: ends all pings that wait. */
  fail(error: () => MuxError): void {
    const waits = [...this.#pending.values()];
    this.#pending.clear();
    for (const wait of waits) wait.reject(error());
  }
}
