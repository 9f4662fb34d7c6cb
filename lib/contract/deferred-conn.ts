/** A connection that can be used before it is there. */
import type { DuplexSource } from "../../mux/duplex.js";
import type { ConnHandler } from "../../protocol/bytes/conn.js";

type Act = (stream: DuplexSource) => void;

type State =
  | {
      readonly phase: "dialling";
      /** What was asked for so far, in order. */
      readonly waiting: Act[];
      /** Who must hear when dialling fails. */
      handler?: ConnHandler;
    }
  | { readonly phase: "open"; readonly stream: DuplexSource }
  | { readonly phase: "failed"; readonly error: Error };

/**
 * A stream that is still being dialled. What is asked for waits until the stream is there, and is then done in
 * order. When dialling fails, `onEnd` gets the error, and everything else is dropped.
 */
export class DeferredConn implements DuplexSource {
  readonly #dialled: Promise<DuplexSource>;
  #state: State = { phase: "dialling", waiting: [] };

  constructor(dialled: Promise<DuplexSource>) {
    this.#dialled = dialled;
    dialled.then(
      (stream) => this.#open(stream),
      (error: Error) => this.#fail(error),
    );
  }

  /** Resolves as the stream's own promise, or with the error when dialling has failed. Never rejects. */
  get finished(): Promise<Error | undefined> {
    return this.#dialled.then(
      (stream) => stream.finished,
      (error: Error) => error,
    );
  }

  start(handler: ConnHandler): void {
    const state = this.#state;
    if (state.phase === "dialling") state.handler = handler;
    if (state.phase === "failed") handler.onEnd(state.error);
    else this.#do((stream) => stream.start(handler));
  }

  /** False while the stream is dialled, so that a writer that waits for `onDrain` leaves one chunk here. */
  write(chunk: Uint8Array, onSent?: () => void): boolean {
    const state = this.#state;
    if (state.phase === "open") return state.stream.write(chunk, onSent);
    if (state.phase === "dialling") {
      state.waiting.push((stream) => {
        if (stream.write(chunk, onSent)) state.handler?.onDrain?.();
      });
    }
    return false;
  }

  /** Does nothing while the stream is dialled: what waits goes out in the turn in which the stream is there. */
  flush(): void {
    const state = this.#state;
    if (state.phase === "open") state.stream.flush?.();
  }

  pause(): void {
    this.#do((stream) => stream.pause());
  }
  resume(): void {
    this.#do((stream) => stream.resume());
  }
  end(): void {
    this.#do((stream) => stream.end());
  }
  destroy(error?: Error): void {
    this.#do((stream) => stream.destroy(error));
  }

  #do(act: Act): void {
    const state = this.#state;
    if (state.phase === "open") act(state.stream);
    else if (state.phase === "dialling") state.waiting.push(act);
  }

  #open(stream: DuplexSource): void {
    // What is asked for meanwhile, by `onDrain` for instance, joins the end of the list and stays in order.
    if (this.#state.phase === "dialling") for (const act of this.#state.waiting) act(stream);
    this.#state = { phase: "open", stream };
  }

  #fail(error: Error): void {
    const state = this.#state;
    this.#state = { phase: "failed", error };
    if (state.phase === "dialling") state.handler?.onEnd(error);
  }
}
