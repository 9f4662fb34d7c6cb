/** Reads the first line of a plugin's stdout and drops all that follows. */
import type { Readable } from "node:stream";
import { Deferred } from "../../../protocol/async/deferred.js";

/** Go's line scanner gives up at this many bytes; no handshake line comes near it [HANDSHAKE-4]. */
const MAX_LINE_BYTES = 64 * 1024;

/** The first line and how it ended. */
export type FirstLine =
  /** By a newline, which is not in the text. */
  | { readonly kind: "line"; readonly text: string }
  /** There was no newline in the first {@link MAX_LINE_BYTES}. */
  | { readonly kind: "too-long"; readonly text: string }
  /** The stream ended before a newline. The text may be empty. */
  | { readonly kind: "end"; readonly text: string };

/**
 * The first line of a plugin's stdout. All that follows is read and dropped until the stream ends. Thus a plugin
 * that goes on printing never blocks [HANDSHAKE-5].
 */
export class FirstLineReader {
  readonly #stdout: Readable;
  readonly #line = new Deferred<FirstLine>();
  #received = Buffer.alloc(0);

  constructor(stdout: Readable) {
    this.#stdout = stdout;
    stdout.on("data", this.#onData);
    stdout.once("close", () => this.#settle({ kind: "end", text: this.text }));
    stdout.on("error", () => {});
  }

  /** Never rejects. */
  get line(): Promise<FirstLine> {
    return this.#line.promise;
  }

  /** What has arrived of the line so far. */
  get text(): string {
    return this.#received.toString("utf8", 0, MAX_LINE_BYTES);
  }

  readonly #onData = (chunk: Buffer): void => {
    this.#received = Buffer.concat([this.#received, chunk]);
    const newline = this.#received.indexOf(0x0a);
    if (newline >= 0) {
      this.#settle({ kind: "line", text: this.#received.toString("utf8", 0, newline) });
    } else if (this.#received.length >= MAX_LINE_BYTES) {
      this.#settle({ kind: "too-long", text: this.text });
    }
  };

  #settle(line: FirstLine): void {
    this.#stdout.off("data", this.#onData);
    this.#stdout.resume();
    this.#line.resolve(line);
  }
}
