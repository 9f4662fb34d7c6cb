import { isLogLevel, type LogFields, type LogLevel } from "./logger.js";

/** hclog's JSON lines, which plugins write on stderr and hosts read [PLUGIN-8]. */

export interface LogRecord {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: LogFields;
}

const PREFIXES: readonly [prefix: string, level: LogLevel][] = [
  ["[TRACE]", "trace"],
  ["[DEBUG]", "debug"],
  ["[INFO]", "info"],
  ["[WARN]", "warn"],
  ["[ERROR]", "error"],
];

/** The record that hclog wrote as `line`; undefined when it wrote none. Never throws. */
export function parseRecord(line: string): LogRecord | undefined {
  if (!line.startsWith("{")) return undefined;
  let parsed: Record<string, unknown>;
  try {
    parsed = JSON.parse(line);
  } catch {
    return undefined;
  }
  const { "@level": level, "@message": message = "", "@timestamp": time, ...fields } = parsed;
  // Go's host crashes on members that are no strings; here the line is taken as text.
  if (typeof level !== "string" || typeof message !== "string") return undefined;
  if (time !== undefined && typeof time !== "string") return undefined;
  const name = level.trim().toLowerCase();
  if (!isLogLevel(name)) return undefined;
  return {
    level: name,
    message,
    fields: time === undefined ? fields : { ...fields, timestamp: time },
  };
}

/**
 * Log records out of a plugin's stderr, line by line: hclog JSON, `[LEVEL]` at the start of a line, the
 * trace of a Go panic, and plain text, which is `debug`.
 */
export class LogReader {
  readonly #onRecord: (record: LogRecord) => void;
  readonly #bufferBytes: number;
  #partial: Buffer[] = [];
  #partialBytes = 0;
  /** The line under way is longer than the buffer, and is passed on in raw pieces. */
  #isLong = false;
  #isPanicking = false;

  /** @param bufferBytes - a longer line is logged in pieces of that size, unparsed. */
  constructor(onRecord: (record: LogRecord) => void, bufferBytes: number) {
    this.#onRecord = onRecord;
    this.#bufferBytes = Math.max(bufferBytes, 16);
  }

  push(chunk: Buffer): void {
    let start = 0;
    for (let at = chunk.indexOf(0x0a); at >= 0; at = chunk.indexOf(0x0a, start)) {
      this.#add(chunk.subarray(start, at));
      this.#endLine();
      start = at + 1;
    }
    this.#add(chunk.subarray(start));
  }

  /** The stream has ended: what is left is a line without its newline. */
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
    // A copy: chunks of a pipe are large, and a short rest would keep one alive.
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

/** One hclog JSON line. A Go host reads level, message and fields back as they are. */
export function formatRecord(record: LogRecord, now: Date, module?: string): string {
  const base = {
    "@level": record.level,
    "@message": record.message,
    ...(module === undefined ? {} : { "@module": module }),
    // Six fractional digits exactly: with any other number Go takes the line for text.
    "@timestamp": now.toISOString().replace("Z", "000Z"),
  };
  try {
    return JSON.stringify({ ...base, ...record.fields }, plain);
  } catch {
    const warning = "logging contained values that don't serialize to json";
    return JSON.stringify({ ...base, "@warn": warning });
  }
}

/** Errors have no members of their own that JSON shows, and bigints none at all. */
function plain(_key: string, value: unknown): unknown {
  if (value instanceof Error) return value.message;
  return typeof value === "bigint" ? value.toString() : value;
}
