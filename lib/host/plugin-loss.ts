/** Explains why the connection to a plugin was lost: the process has ended, `kill` was called, or neither is so. */
import { isMuxError, type MuxErrorCode } from "../../mux/errors.js";
import type { Session } from "../../mux/session.js";
import { Latch } from "../../protocol/async/latch.js";
import { isRpcError, type RpcError } from "../../protocol/errors.js";
import type { ExplainFailure } from "../../protocol/netrpc/index.js";
import type { LossExplainer } from "../contract/loss.js";
import { DISPENSER_SERVICE } from "../contract/services.js";
import type { PluginError, PluginErrorFacts, PluginPhase } from "../errors.js";
import { settled } from "../settled.js";

/**
 * How long the end of a process may take to follow the end of its connection, in milliseconds. The system closes the
 * socket of a dying process first, and a busy machine may take its time for the rest.
 */
const EXIT_MS = 1000;

/** How long the end of the connection may take to follow the end of one stream, in milliseconds. */
const CONNECTION_MS = 200;

/** The codes of a MuxError that the end of the connection may be behind. */
const LOST: ReadonlySet<MuxErrorCode> = new Set([
  "session-shutdown",
  "eof",
  "connection-lost",
  "connection-reset",
  "remote-go-away",
]);

/** What is known of the plugin. */
export interface PluginEnd {
  /** `kill` was called, or the process has ended and its last output has arrived. */
  readonly isOver: boolean;
  /** Resolves when {@link isOver} becomes true. */
  readonly over: Promise<void>;
  /** The process is expected to end. */
  expectExit(): void;
  /** @param when - what the end interrupted. Undefined: the user came after the end. */
  endedError(facts: LossFacts, when?: string): PluginError;
  /** The process has not ended, as far as is known. */
  connectionLost(facts: LossFacts & { readonly cause: Error }): PluginError;
}

/** What the failed use adds to what is known of the plugin. */
export type LossFacts = Pick<PluginErrorFacts, "phase" | "cause">;

/** The explanations for one connection. */
export class PluginLoss implements LossExplainer {
  readonly #plugin: PluginEnd;
  readonly #session: Pick<Session, "isClosed" | "closed">;
  readonly #transportEnd = new Latch();
  #lingering: Promise<unknown> | undefined;

  constructor(plugin: PluginEnd, session: Pick<Session, "isClosed" | "closed">) {
    this.#plugin = plugin;
    this.#session = session;
  }

  /**
   * The plugin has closed the connection: waits until it is known why, for a limited time. Streams and calls fail after
   * that, all together.
   */
  linger(): Promise<unknown> {
    this.#plugin.expectExit();
    this.#lingering ??= settled(this.#plugin.over, EXIT_MS);
    this.#transportEnd.set();
    return this.#lingering;
  }

  readonly callsEnded = (reason: RpcError): ExplainFailure => {
    let hasWaited = !isLoss(reason);
    let waiting: Promise<void> | undefined;
    return (error) => {
      if (this.#isDecided || hasWaited) return this.#judge(error);
      waiting ??= this.#decided(CONNECTION_MS).then(() => {
        hasWaited = true;
      });
      return waiting.then(() => this.#judge(error));
    };
  };

  streamFailed(error: Error): Error {
    if (!isMuxError(error) || error.code !== "session-shutdown") return error;
    return this.#judge(error);
  }

  async waitFailed(error: unknown): Promise<unknown> {
    if (!isMuxError(error) || !LOST.has(error.code)) return error;
    if (!this.#isDecided) await this.#decided(CONNECTION_MS);
    return this.#judge(error);
  }

  get #isDecided(): boolean {
    return this.#plugin.isOver || this.#session.isClosed;
  }

  /** The end of a stream, or of the transport, may be the first sign of the end of the process. */
  async #decided(timeoutMs: number): Promise<void> {
    const signs = [this.#plugin.over, this.#session.closed, this.#transportEnd.promise];
    await settled(Promise.race<unknown>(signs), timeoutMs);
    await this.#lingering;
  }

  #judge(error: Error): Error {
    const facts = { phase: phaseOf(error), cause: error };
    if (this.#plugin.isOver) return this.#plugin.endedError(facts, interrupted(error));
    if (!this.#session.isClosed && this.#lingering === undefined) return error;
    return this.#plugin.connectionLost(facts);
  }
}

/** Whether the peer may have caused it by its end. */
const isLoss = ({ code, cause }: RpcError): boolean =>
  code === "unexpected-eof" && (cause === undefined || (isMuxError(cause) && LOST.has(cause.code)));

function phaseOf(error: Error): PluginPhase {
  if (!isRpcError(error)) return "stream";
  return error.serviceMethod?.startsWith(`${DISPENSER_SERVICE}.`) ? "dispense" : "call";
}

/** What was under way. Undefined: the call was made after the end. */
function interrupted(error: Error): string | undefined {
  if (!isRpcError(error)) return "while a stream was in use";
  return error.code === "shutdown" ? undefined : `during ${error.serviceMethod}`;
}
