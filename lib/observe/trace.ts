/**
 * Traces for people: `GOPLUG_TRACE=handshake,yamux,broker,rpc,gob,process`, or `all`, writes what happens to
 * stderr, in a plugin to its log. Read once, at the first use.
 */
import { formatRecord } from "./hclog.js";
import { writeRealStderr } from "./line-writer.js";

export type TraceTopic = "handshake" | "yamux" | "broker" | "rpc" | "gob" | "process";

type Say = (text: string) => void;

/** When a wait is long enough to be told of, in milliseconds; then again after twice as long. */
const LONG_WAIT_MS = 1000;

let topics: ReadonlySet<string> | undefined;
let isPlugin = false;

/** From now on traces are log records at `trace` on the real stderr. */
export function traceAsPlugin(): void {
  isPlugin = true;
}

/** Writes traces of `topic`; undefined when nobody asked for them. */
export function tracer(topic: TraceTopic): Say | undefined {
  topics ??= new Set((process.env.GOPLUG_TRACE ?? "").split(",").map((name) => name.trim()));
  if (!topics.has(topic) && !topics.has("all")) return undefined;
  return (text) => (isPlugin ? logLine(topic, text) : plainLine(topic, text));
}

/**
 * Traces a wait: how long it took, when what this returns is called, and until then, while it is long,
 * that it goes on. Undefined when nobody asked for it.
 */
export function traceStart(
  topic: TraceTopic,
  what: string,
): ((error?: unknown) => void) | undefined {
  const say = tracer(topic);
  if (say === undefined) return undefined;
  const startedAt = performance.now();
  const tookMs = () => Math.round(performance.now() - startedAt);
  let timer: NodeJS.Timeout | undefined;
  const remind = (totalMs: number, delayMs: number) => {
    timer = setTimeout(() => {
      say(`${what}: still waiting after ${totalMs} ms`);
      remind(totalMs * 2, totalMs);
    }, delayMs).unref();
  };
  remind(LONG_WAIT_MS, LONG_WAIT_MS);
  return (error) => {
    clearTimeout(timer);
    const how = error === undefined ? "" : `, failed: ${(error as Error).message ?? error}`;
    say(`${what}: ${tookMs()} ms${how}`);
  };
}

/** {@link traceStart} for a promise. */
export function traceWait<T>(topic: TraceTopic, what: string, wait: Promise<T>): Promise<T> {
  const end = traceStart(topic, what);
  if (end !== undefined) wait.then(() => end(), end);
  return wait;
}

function plainLine(topic: TraceTopic, text: string): void {
  process.stderr.write(text.replace(/^/gm, `goplug ${topic}: `).concat("\n"));
}

function logLine(topic: TraceTopic, text: string): void {
  const record = { level: "trace", message: text, fields: { topic } } as const;
  writeRealStderr(formatRecord(record, new Date(), "goplug"));
}
