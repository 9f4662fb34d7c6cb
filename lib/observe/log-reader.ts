/** A plugin's stderr as log records [PLUGIN-8]. */
import { type LogRecord, parseRecord } from "./hclog.js";
import type { LogLevel } from "./logger.js";

const PREFIXES: readonly [prefix: string, level: LogLevel][] = [
  ["[TRACE]", "trace"],
  ["[DEBUG]", "debug"],
  ["[INFO]", "info"],
  ["[WARN]", "warn"],
  ["[ERROR]", "error"],
];

/**
 * Makes a record of each line: hclog's JSON with its own level, a line that starts with `[LEVEL]` at that
 * level, other text at `debug`. After the first line of a Go panic other text is `error`.
 */
export class LogReader {
  readonly #onRecord: (record: LogRecord) => void;
  readonly #bufferBytes: number;
  /** The line that has begun, as far as it was not passed on. */
  #partial: Buffer[] = [];
  #partialBytes = 0;
  /** A piece of that line was passed on, because the line is longer than the buffer. */
  #isLong = false;
  #isPanicking = false;

  /**
   * @param bufferBytes - a longer line becomes several records of at most that size, unparsed, at `debug`.
   *   At least 16.
   */
  constructor(onRecord: (record: LogRecord) => void, bufferBytes: number) {
    this.#onRecord = onRecord;
    this.#bufferBytes = Math.max(bufferBytes, 16);
  }

  /** Takes the next bytes. Does not keep `chunk`. */
  push(chunk: Buffer): void {
    let start = 0;
    for (let at = chunk.indexOf(0x0a); at >= 0; at = chunk.indexOf(0x0a, start)) {
      this.#add(chunk.subarray(start, at));
      this.#endLine();
      start = at + 1;
    }
    this.#add(chunk.subarray(start));
  }

  /** The stream has ended. What is left is a line without a newline. */
  end(): void {
    if (this.#partialBytes > 0) this.#endLine();
  }

  #add(piece: Buffer): void {
    let rest = piece;
    while (this.#partialBytes + rest.length >= this.#bufferBytes) {
      const room = this.#bufferBytes - this.#partialBytes;
      this.#partial.push(rest.subarray(0, room));
      this.#isLong = true;
      this.#raw("debug", this.#take());
      rest = rest.subarray(room);
    }
    if (rest.length === 0) return;
    // A copy: a pipe's chunks are large, and a short slice would keep the whole chunk in memory.
    this.#partial.push(Buffer.from(rest));
    this.#partialBytes += rest.length;
  }

  #endLine(): void {
    const line = this.#take().replace(/\r$/, "");
    const isRest = this.#isLong;
    this.#isLong = false;
    if (isRest) {
      if (line !== "") this.#raw("debug", line);
      return;
    }
    const record = parseRecord(line);
    if (record !== undefined) this.#onRecord(record);
    else this.#raw(this.#levelOf(line), line);
  }

  #levelOf(line: string): LogLevel {
    const tagged = PREFIXES.find(([prefix]) => line.startsWith(prefix));
    if (tagged !== undefined) return tagged[1];
    if (/^(panic|fatal error): /.test(line)) this.#isPanicking = true;
    return this.#isPanicking ? "error" : "debug";
  }

  #raw(level: LogLevel, message: string): void {
    this.#onRecord({ level, message, fields: {} });
  }

  #take(): string {
    const text = Buffer.concat(this.#partial).toString();
    this.#partial = [];
    this.#partialBytes = 0;
    return text;
  }
}
