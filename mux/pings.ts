/** Our pings that wait for their answers, matched by value [YAMUX-42]. */

import type { Wait } from "../protocol/async/wait.js";
import { type MuxError, yamuxError } from "./errors.js";
import { FLAG, TYPE } from "./frame.js";
import type { FrameWriter } from "./frame-writer.js";
import { muxWait, throwIfAborted, type WaitOptions } from "./wait.js";

export class Pings {
  readonly #writer: FrameWriter;
  readonly #pending = new Map<number, Wait<void>>();
  #next = 0;

  constructor(writer: FrameWriter) {
    this.#writer = writer;
  }

  /** Sends a ping and resolves with the time to its answer, in milliseconds. */
  async send(options: WaitOptions): Promise<number> {
    throwIfAborted(options, "ping");
    const value = this.#next;
    this.#next = (value + 1) >>> 0;
    const startMs = performance.now();
    const wait = muxWait<void>(options, (code, cause) => {
      this.#pending.delete(value);
      // Go tells a ping that could not be written from one without an answer, and so do we.
      const unsent = code === "timeout" && this.#writer.isBlocked;
      const waited = `ping ${value}, after ${Math.round(performance.now() - startMs)} ms`;
      return yamuxError(unsent ? "connection-write-timeout" : code, waited, { cause });
    });
    this.#pending.set(value, wait);
    this.#writer.control(TYPE.Ping, FLAG.SYN, 0, value);
    await wait.promise;
    return performance.now() - startMs;
  }

  /** Answers that are late or were never asked for change nothing. */
  receive(value: number): void {
    const wait = this.#pending.get(value);
    this.#pending.delete(value);
    wait?.resolve();
  }

  fail(error: () => MuxError): void {
    const waits = [...this.#pending.values()];
    this.#pending.clear();
    for (const wait of waits) wait.reject(error());
  }
}
