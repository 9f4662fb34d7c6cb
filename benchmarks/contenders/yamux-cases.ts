import { answer } from "./answer.js";

/**
 * The cases of the yamux benchmark from the side of a Node client, whatever its yamux: the twin of
 * `test/go/yamux/bench/measure.go`, whose server is at the other end.
 */

/** What a case needs of a stream. */
export interface BenchStream {
  /** False: wait for `onDrain`. */
  write(chunk: Uint8Array): boolean;
  close(): void;
}

export interface BenchSink {
  onData(chunk: Uint8Array): void;
  onDrain(): void;
}

/** Opens a stream; some cases differ by the face it has. */
export type Open = (sink: BenchSink, face: "sink" | "duplex") => Promise<BenchStream> | BenchStream;

const BLOCK_BYTES = 1 << 20;
const MESSAGE_BYTES = 64;
/** Blocks asked for ahead, so that none is waited for. */
const AHEAD = 4;
const RIGHT = "k".charCodeAt(0);

/** Of each block, and of every message from some place on. */
const pattern = Buffer.from(Uint8Array.from({ length: BLOCK_BYTES }, (_, i) => i % 251));

const isPattern = (chunk: Uint8Array, from: number): boolean =>
  pattern.compare(chunk, 0, chunk.length, from, from + chunk.length) === 0;

/** Gives bytes or messages; ends when all that is under way has arrived. */
type Case = (open: Open, deadline: number) => Promise<number>;

const CASES: Readonly<Record<string, Case>> = {
  up: (open, deadline) => up(open, deadline, 64 << 10),
  "1KiB writes": async (open, deadline) => (await up(open, deadline, 1024)) / 1024,
  "down sink": (open, deadline) => down(open, deadline, "sink"),
  "down duplex": (open, deadline) => down(open, deadline, "duplex"),
  "ping-pong": pingPong,
};

function up(open: Open, deadline: number, writeBytes: number): Promise<number> {
  const writes: Uint8Array[] = [];
  for (let at = 0; at < BLOCK_BYTES; at += writeBytes) {
    writes.push(pattern.subarray(at, at + writeBytes));
  }
  return run(open, "sink", "u", (stream, done, fail) => {
    let next = 0;
    let blocks = 0;
    let confirmed = 0;
    let isOver = false;
    const check = () => isOver && confirmed === blocks && done(blocks * BLOCK_BYTES);
    const pump = () => {
      while (!isOver) {
        if (next === writes.length) {
          next = 0;
          blocks += 1;
          isOver = performance.now() >= deadline;
          continue;
        }
        const write = writes[next] as Uint8Array;
        next += 1;
        if (!stream.write(write)) return;
      }
      check();
    };
    const onData = (chunk: Uint8Array) => {
      if (chunk.some((verdict) => verdict !== RIGHT)) return fail("the server saw wrong bytes");
      confirmed += chunk.length;
      check();
    };
    return { begin: pump, onData, onDrain: pump };
  });
}

function down(open: Open, deadline: number, face: "sink" | "duplex"): Promise<number> {
  return run(open, face, "d", (stream, done, fail) => {
    let asked = AHEAD;
    let blocks = 0;
    let at = 0;
    const ask = Uint8Array.of(1);
    const onBlock = () => {
      blocks += 1;
      if (performance.now() < deadline) {
        asked += 1;
        stream.write(ask);
      }
      if (blocks === asked) done(blocks * BLOCK_BYTES);
    };
    const onData = (chunk: Uint8Array) => {
      for (let rest = chunk; rest.length > 0; ) {
        const part = rest.subarray(0, BLOCK_BYTES - at);
        if (!isPattern(part, at)) return fail("wrong bytes");
        at = (at + part.length) % BLOCK_BYTES;
        rest = rest.subarray(part.length);
        if (at === 0) onBlock();
      }
    };
    return { begin: () => stream.write(new Uint8Array(AHEAD)), onData, onDrain: () => {} };
  });
}

function pingPong(open: Open, deadline: number): Promise<number> {
  return run(open, "sink", "e", (stream, done, fail) => {
    let count = 0;
    let got = 0;
    const send = () => {
      const from = count % 251;
      stream.write(pattern.subarray(from, from + MESSAGE_BYTES));
    };
    const onData = (chunk: Uint8Array) => {
      if (!isPattern(chunk, (count % 251) + got)) return fail("wrong bytes");
      got += chunk.length;
      if (got < MESSAGE_BYTES) return;
      got = 0;
      count += 1;
      if (performance.now() >= deadline) done(count);
      else send();
    };
    return { begin: send, onData, onDrain: () => {} };
  });
}

/** Opens a stream, says what it is for, and runs a case on it. */
async function run(
  open: Open,
  face: "sink" | "duplex",
  op: string,
  start: (
    stream: BenchStream,
    done: (count: number) => void,
    fail: (what: string) => void,
  ) => BenchSink & { begin(): void },
): Promise<number> {
  let sink: (BenchSink & { begin(): void }) | undefined;
  const stream = await open(
    { onData: (chunk) => sink?.onData(chunk), onDrain: () => sink?.onDrain() },
    face,
  );
  try {
    return await new Promise<number>((resolve, reject) => {
      sink = start(stream, resolve, (what) => reject(new Error(what)));
      stream.write(Buffer.from(op));
      sink.begin();
    });
  } finally {
    stream.close();
  }
}

/** Measures on command, until the end of stdin. */
export function answerCases(open: Open): Promise<void> {
  return answer(async (name, ms) => {
    const start = performance.now();
    const count = await (CASES[name] as Case)(open, start + ms);
    return { count, elapsedNs: Math.round((performance.now() - start) * 1e6) };
  });
}
