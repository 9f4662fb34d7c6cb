/** A connection that begins with an HTTP header, which is judged as it arrives [NETRPC-25]. */
import { describeForeignBytes } from "../../mux/foreign-bytes.js";
import { Deferred } from "../../protocol/async/deferred.js";
import type { ByteConn, ConnHandler } from "../../protocol/bytes/conn.js";
import { ForwardingConn } from "../../protocol/bytes/forwarding-conn.js";

const MAX_HEADER_BYTES = 16 * 1024;
const MAX_LINE_BYTES = 4 * 1024;

/** How many bytes of a wrong header an error shows. */
const SHOWN_BYTES = 80;

/** What the first line must look like. Go's text for a line that is something else. */
export interface FirstLine {
  /** Whether a line may begin with `text`, which has no line end. */
  readonly mayBegin: (text: string) => boolean;
  /** Why the whole line is refused; undefined if it is not. */
  readonly refuse: (line: string) => string | undefined;
  /** `malformed HTTP response`, for the error. */
  readonly malformed: string;
}

/** The peer speaks no HTTP, or says no. The message shows what it said. */
export class HttpRefused extends Error {
  override readonly name = "HttpRefused";
}

/** What has arrived. */
type Arrival =
  /** A part of the header. */
  | { readonly at: "header"; readonly text: string }
  /** The header, the first bytes after it, and perhaps the end. The connection is paused for its handler. */
  | { readonly at: "rest"; readonly bytes: Uint8Array; end?: { readonly error: Error | undefined } }
  /** The handler has got everything so far, and gets what follows. */
  | { readonly at: "handler"; readonly handler: ConnHandler };

/** A connection whose first bytes are an HTTP header. Its handler gets the bytes behind that. */
export class HttpConn extends ForwardingConn {
  readonly #first: FirstLine;
  readonly #header = new Deferred<string>();
  #arrival: Arrival = { at: "header", text: "" };
  #isFirstRead = false;

  constructor(conn: ByteConn, first: FirstLine) {
    super(conn);
    this.#first = first;
    // The header may fail while nobody waits for it.
    this.#header.promise.catch(() => {});
    conn.start({
      onData: (chunk) => this.#onData(chunk),
      onEnd: (error) => this.#onEnd(error),
      onDrain: () => {
        if (this.#arrival.at === "handler") this.#arrival.handler.onDrain?.();
      },
    });
  }

  /**
   * The header with the empty line that ends it. Rejects with {@link HttpRefused} as soon as the first line is wrong,
   * and with another error when the header is too long or the connection ends before that line.
   */
  get header(): Promise<string> {
    return this.#header.promise;
  }

  /** What has arrived of a header that is not complete, quoted. */
  get received(): string {
    return this.#arrival.at === "header" ? quoted(this.#arrival.text) : "";
  }

  /** To be called when the header is there or was refused. */
  start(handler: ConnHandler): void {
    const arrival = this.#arrival;
    if (arrival.at !== "rest") throw new Error("http-connect: started twice, or before the header");
    this.#arrival = { at: "handler", handler };
    if (arrival.bytes.length > 0) handler.onData(arrival.bytes);
    if (arrival.end === undefined) this.conn.resume();
    else handler.onEnd(arrival.end.error);
  }

  #onData(chunk: Uint8Array): void {
    const arrival = this.#arrival;
    if (arrival.at === "handler") arrival.handler.onData(chunk);
    else if (arrival.at === "header") this.#readHeader(arrival.text, chunk);
  }

  #readHeader(before: string, chunk: Uint8Array): void {
    const text = before + Buffer.from(chunk).toString("latin1");
    const wrong = this.#judgeFirst(text);
    // Only the last bytes can begin the empty line: a header may come in single bytes.
    const from = Math.max(0, before.length - 2);
    const end = /\n\r?\n/.exec(text.slice(from));
    const length = end === null ? text.length : from + end.index + end[0].length;
    if (wrong !== undefined) this.#fail(new HttpRefused(wrong));
    else if (length > MAX_HEADER_BYTES) this.#fail(new Error("HTTP header is too long"));
    else if (end === null) this.#arrival = { at: "header", text };
    else {
      // A copy, because the chunk is borrowed.
      this.#rest(new Uint8Array(chunk.subarray(length - before.length)));
      this.#header.resolve(text.slice(0, length));
    }
  }

  /** Why the first line is wrong, as far as it has arrived. Once it is whole and right, it is not looked at again. */
  #judgeFirst(text: string): string | undefined {
    if (this.#isFirstRead) return undefined;
    const [line = "", rest] = text.split("\n", 2);
    const isShort = line.length <= MAX_LINE_BYTES;
    if (!isShort || !this.#first.mayBegin(line)) return `${this.#first.malformed} ${quoted(line)}`;
    if (rest === undefined) return undefined;
    this.#isFirstRead = true;
    return this.#first.refuse(line.replace(/\r$/, ""));
  }

  #fail(error: Error): void {
    this.#rest(new Uint8Array());
    this.#header.reject(error);
  }

  #rest(bytes: Uint8Array): void {
    this.#arrival = { at: "rest", bytes };
    this.conn.pause();
  }

  #onEnd(error: Error | undefined): void {
    const arrival = this.#arrival;
    if (arrival.at === "handler") arrival.handler.onEnd(error);
    else if (arrival.at === "rest") arrival.end = { error };
    else this.#header.reject(error ?? new Error("unexpected EOF"));
  }
}

/** As much as an error shows. Of TLS it says that it is TLS, because that is the most common mistake. */
function quoted(text: string): string {
  const shown = JSON.stringify(text.replace(/\r$/, "").slice(0, SHOWN_BYTES));
  const what = describeForeignBytes(Buffer.from(text, "latin1"));
  return what.startsWith("the peer speaks TLS") ? `${shown} (${what})` : shown;
}
