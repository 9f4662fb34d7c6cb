/**
 * What a lost connection means to those who use it. The layers below know only that bytes no longer come. Who knows the
 * process at the other end can say more.
 */
import type { Stream } from "../../mux/stream.js";
import type { WaitOptions } from "../../mux/wait.js";
import type { ConnHandler } from "../../protocol/bytes/conn.js";
import { ForwardingConn } from "../../protocol/bytes/forwarding-conn.js";
import type { ExplainFailure, RpcClientOptions } from "../../protocol/netrpc/index.js";

/** Makes the errors that users get when their connection was lost. */
export interface LossExplainer {
  /** For the option `explainEnd` of net/rpc clients. */
  readonly callsEnded: (
    ...reason: Parameters<NonNullable<RpcClientOptions["explainEnd"]>>
  ) => ExplainFailure;
  /** The error for the user of a stream that fails with `error`; the same one if the connection lives. */
  streamFailed(error: Error): Error;
  /** The same for a wait that failed. Waits a short time for what is not known yet. */
  waitFailed(error: unknown): Promise<unknown>;
}

/** A stream whose user is told why the connection was lost. */
export class ExplainedStream extends ForwardingConn implements Stream {
  readonly #stream: Stream;
  readonly #loss: LossExplainer;

  constructor(stream: Stream, loss: LossExplainer) {
    super(stream);
    this.#stream = stream;
    this.#loss = loss;
  }

  get id(): number {
    return this.#stream.id;
  }
  get state(): Stream["state"] {
    return this.#stream.state;
  }
  get closed(): Stream["closed"] {
    return this.#stream.closed;
  }
  get finished(): Stream["finished"] {
    return this.#stream.finished.then((error) => error && this.#loss.streamFailed(error));
  }
  flushed(): Promise<boolean> {
    return this.#stream.flushed();
  }

  start(handler: ConnHandler): void {
    this.conn.start({
      onData: (chunk) => handler.onData(chunk),
      onEnd: (error) => handler.onEnd(error && this.#loss.streamFailed(error)),
      onDrain: () => handler.onDrain?.(),
    });
  }

  async readPrefix(byteLength: number, options?: WaitOptions): Promise<Uint8Array> {
    try {
      return await this.#stream.readPrefix(byteLength, options);
    } catch (error) {
      throw await this.#loss.waitFailed(error);
    }
  }
}
