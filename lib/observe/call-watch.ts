import type { ByteConn } from "../../protocol/bytes/conn.js";
import { inspect } from "../../protocol/gob/inspect.js";
import type { CallContext, CallEnd, Service, ServiceMethod } from "../../protocol/netrpc/index.js";
import { type CallMessage, callChannel, publishCall } from "./diagnostics.js";
import { TappedConn } from "./tap.js";
import { tracer, traceStart } from "./trace.js";

let lastCall = 0;

/** Tells of the start of a call, and, by what it returns, of its end; undefined when nobody listens. */
export function watchCall(side: CallMessage["side"], serviceMethod: string): CallEnd | undefined {
  const isPublished = callChannel.hasSubscribers;
  if (!isPublished && tracer("rpc") === undefined) return undefined;
  const facts = { call: ++lastCall, side, serviceMethod };
  const startedAt = performance.now();
  const endTrace = traceStart("rpc", `call ${facts.call} ${side} ${serviceMethod}`);
  if (isPublished) publishCall({ event: "start", ...facts });
  return (error) => {
    endTrace?.(error);
    if (!isPublished) return;
    const durationMs = performance.now() - startedAt;
    publishCall(
      error === undefined
        ? { event: "end", ...facts, durationMs }
        : { event: "error", ...facts, durationMs, error },
    );
  };
}

/** For RpcClient's `onCall`. */
export const watchOwnCall = (serviceMethod: string) => watchCall("caller", serviceMethod);

/** The same service, its calls told of. */
export function watchedService(service: Service): Service {
  const watched = new Map<string, ServiceMethod>();
  for (const [name, method] of service) {
    const handler = (args: never, context: CallContext) => {
      const onEnd = watchCall("server", context.serviceMethod);
      if (onEnd === undefined) return method.handler(args, context);
      const reply = (async () => method.handler(args, context))();
      reply.then(() => onEnd(), onEnd);
      return reply;
    };
    watched.set(name, { ...method, handler });
  }
  return watched;
}

/** A connection of net/rpc whose gob is traced. */
export function watchedConn(conn: ByteConn): ByteConn {
  const say = tracer("gob");
  if (say === undefined) return conn;
  const received = new GobDump((text) => say(`received\n${text}`));
  const sent = new GobDump((text) => say(`sent\n${text}`));
  return new TappedConn(conn, {
    onIn: (chunk) => received.push(chunk),
    onOut: (chunk) => sent.push(chunk),
  });
}

/** A stream is dumped from its start, because its types stand there; so the dump ends somewhere. */
const MAX_DUMP_BYTES = 256 * 1024;

/** The messages of one direction of a gob stream, dumped as they become whole. */
class GobDump {
  readonly #say: (text: string) => void;
  #stream = Buffer.alloc(0);
  #shownBytes = 0;
  #shownChars = 0;
  #isOver = false;

  constructor(say: (text: string) => void) {
    this.#say = say;
  }

  push(chunk: Uint8Array): void {
    if (this.#isOver) return;
    this.#stream = Buffer.concat([this.#stream, chunk]);
    const wholeBytes = wholeMessages(this.#stream, this.#shownBytes);
    if (wholeBytes > this.#shownBytes) {
      this.#shownBytes = wholeBytes;
      const dump = inspect(this.#stream.subarray(0, wholeBytes));
      this.#say(dump.slice(this.#shownChars).trimEnd());
      this.#shownChars = dump.length;
    }
    if (this.#stream.length <= MAX_DUMP_BYTES) return;
    this.#isOver = true;
    this.#stream = Buffer.alloc(0);
    this.#say(`(no more of this stream: ${MAX_DUMP_BYTES} bytes were dumped)`);
  }
}

/** Where the last whole message ends, from `at` on: each begins with its length, an unsigned of gob. */
function wholeMessages(stream: Buffer, start: number): number {
  let at = start;
  for (;;) {
    const first = stream[at];
    if (first === undefined) return at;
    const lengthBytes = first < 0x80 ? 0 : 256 - first;
    if (lengthBytes > 6 || at + 1 + lengthBytes > stream.length) return at;
    const length = lengthBytes === 0 ? first : stream.readUIntBE(at + 1, lengthBytes);
    const end = at + 1 + lengthBytes + length;
    if (end > stream.length) return at;
    at = end;
  }
}
