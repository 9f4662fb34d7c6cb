/**
 * The cases of the yamux benchmark for a Node client with any yamux implementation. The twin of
 * `test/go/yamux/bench/measure.go`. The other end is the Go server of that program.
 */

import { answer } from "./answer.js";

/** The part of a stream that the cases use. */
export interface BenchStream {
  /** Returns false when the caller must wait for `onDrain`. */
  write(chunk: Uint8Array): boolean;
  close(): void;
}

export interface BenchSink {
  onData(chunk: Uint8Array): void;
  onDrain(): void;
}

/** Opens a stream. `face` is the API that a case reads it with. */
export type Open = (sink: BenchSink, face: "sink" | "duplex") => Promise<BenchStream> | BenchStream;

const BLOCK_BYTES = 1 << 20;
const MESSAGE_BYTES = 64;
/** The number of blocks requested in advance, so that the server never waits for a request. */
const AHEAD = 4;
const RIGHT = "k".charCodeAt(0);

/** The content of each block. A message is a part of it. */
const pattern = Buffer.from(Uint8Array.from({ length: BLOCK_BYTES }, (_, i) => i % 251));

const isPattern = (chunk: Uint8Array, from: number): boolean =>
  pattern.compare(chunk, 0, chunk.length, from, from + chunk.length) === 0;

/** Resolves with the number of bytes or messages, once everything sent has arrived. */
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

/** Opens a stream, sends the name of the operation, and runs a case on it. */
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

/** Answers commands until stdin ends. */
export function answerCases(open: Open): Promise<void> {
  return answer(async (name, ms) => {
    const start = performance.now();
    const count = await (CASES[name] as Case)(open, start + ms);
    return { count, elapsedNs: Math.round((performance.now() - start) * 1e6) };
  });
}
