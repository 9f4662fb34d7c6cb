import type { Readable } from "node:stream";

/** Go's line scanner gives up at this many bytes; no handshake line comes near [HANDSHAKE-4]. */
const MAX_LINE_BYTES = 64 * 1024;

export type FirstLine =
  | { readonly kind: "line"; readonly text: string }
  /** The first {@link MAX_LINE_BYTES} held no newline. */
  | { readonly kind: "too-long"; readonly text: string }
  /** The stream ended, after `text` or with nothing at all. */
  | { readonly kind: "end"; readonly text: string };

/**
 * The first line of a plugin's stdout. Everything after it is read and dropped for ever, so that a
 * plugin that goes on printing never blocks [HANDSHAKE-5].
 */
export class FirstLineReader {
  readonly line: Promise<FirstLine>;
  #received = Buffer.alloc(0);

  constructor(stdout: Readable) {
    this.line = new Promise((resolve) => {
      const settle = (line: FirstLine) => {
        stdout.off("data", onData);
        stdout.resume();
        resolve(line);
      };
      const onData = (chunk: Buffer) => {
        this.#received = Buffer.concat([this.#received, chunk]);
        const newline = this.#received.indexOf(0x0a);
        if (newline >= 0) {
          settle({ kind: "line", text: this.#received.toString("utf8", 0, newline) });
        } else if (this.#received.length >= MAX_LINE_BYTES) {
          settle({ kind: "too-long", text: this.text });
        }
      };
      stdout.on("data", onData);
      stdout.once("close", () => settle({ kind: "end", text: this.text }));
      stdout.on("error", () => {});
    });
  }

  /** What has arrived of the line so far. */
  get text(): string {
    return this.#received.toString("utf8", 0, MAX_LINE_BYTES);
  }
}
