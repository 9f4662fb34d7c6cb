/**
 * What happens, for people: `GOPLUG_TRACE=handshake,yamux,broker,rpc,gob,process`, or `all`, writes it to
 * stderr, and in a plugin to its log. The variable is read once, when something is first traced.
 */
import { formatRecord } from "./hclog.js";
import { writeRealStderr } from "./line-writer.js";

/** What can be traced, each by itself. */
export type TraceTopic = "handshake" | "yamux" | "broker" | "rpc" | "gob" | "process";

type Say = (text: string) => void;

/** From how many milliseconds on a wait is reported while it lasts. The next report comes after twice the time. */
const LONG_WAIT_MS = 1000;

let topics: ReadonlySet<string> | undefined;
let isPlugin = false;

/** From now on traces are log records at level `trace` on the real stderr. */
export function traceAsPlugin(): void {
  isPlugin = true;
}

/** What writes traces of `topic`. Undefined when they are not wanted. */
export function tracer(topic: TraceTopic): Say | undefined {
  topics ??= new Set((process.env.GOPLUG_TRACE ?? "").split(",").map((name) => name.trim()));
  if (!topics.has(topic) && !topics.has("all")) return undefined;
  return (text) => (isPlugin ? logLine(topic, text) : plainLine(topic, text));
}

/**
 * Traces a wait that begins now: while it is long, that it goes on, and at its end how long it took.
 *
 * @returns what to call at the end, with the error if there is one. Undefined when `topic` is not traced.
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

/** As {@link traceStart}, until `wait` settles. Returns `wait`. */
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
