import { createInterface } from "node:readline";
import { isDeepStrictEqual } from "node:util";
import * as msgpack from "@msgpack/msgpack";
import { gob } from "goplug";
import { Packr } from "msgpackr";
import { PAYLOADS, PLAIN } from "./gob-payloads.js";

/**
 * One codec, named by the argument, measured on command: the twin of `test/go/cmd/gob-bench`. It stays
 * up, reads `{"case":"encode a","ms":200}` on stdin and answers each line with one line.
 */

/** What is repeated. The result of the last time is checked. */
interface Case {
  run(): unknown;
  isRight(last: unknown): boolean;
}
type Codec = (letter: string) => { readonly encode: Case; readonly decode: Case };

const CODECS: Readonly<Record<string, Codec>> = {
  goplug,
  msgpackr: (letter) => {
    const packr = new Packr({ useRecords: false });
    return plain(
      letter,
      (value) => packr.pack(value),
      (bytes) => packr.unpack(bytes),
    );
  },
  "@msgpack/msgpack": (letter) => {
    const encoder = new msgpack.Encoder();
    const decoder = new msgpack.Decoder();
    return plain(
      letter,
      (value) => encoder.encode(value),
      (bytes) => decoder.decode(bytes),
    );
  },
};

/** A stream whose definitions went ahead, as on a connection. */
function goplug(letter: string) {
  const payload = PAYLOADS[letter];
  if (payload === undefined) throw new Error(`no payload ${letter}`);
  const { schema, in: value, out } = payload;
  const encoder = new gob.Encoder();
  const decoder = new gob.Decoder();
  const encode = () => encoder.encode(schema, value as never);
  const decode = (bytes: Uint8Array): unknown => {
    decoder.push(bytes);
    return decoder.tryDecode(schema);
  };
  decode(encode());
  const bytes = Uint8Array.from(encode());
  return {
    encode: { run: encode, isRight: isSame(bytes) },
    decode: { run: () => decode(bytes), isRight: isSame(out) },
  };
}

function plain(
  letter: string,
  encode: (value: unknown) => Uint8Array,
  decode: (bytes: Uint8Array) => unknown,
) {
  const value = PLAIN[letter];
  const bytes = Uint8Array.from(encode(value));
  const isEqual = (last: unknown) =>
    last instanceof Uint8Array ? isSame(value)(last) : isDeepStrictEqual(last, value);
  return {
    encode: { run: () => encode(value), isRight: isSame(bytes) },
    decode: { run: () => decode(bytes), isRight: isEqual },
  };
}

const isSame = (wanted: unknown) => (last: unknown) =>
  wanted instanceof Uint8Array
    ? Buffer.compare(last as Uint8Array, wanted) === 0
    : isDeepStrictEqual(last, wanted);

/** Looks at the clock about once in a tenth of a millisecond. */
function measure({ run, isRight }: Case, ms: number) {
  let batch = 1;
  let count = 0;
  let elapsedMs = 0;
  let last: unknown;
  const times: number[] = [];
  while (elapsedMs < ms) {
    const start = performance.now();
    for (let i = 0; i < batch; i++) last = run();
    const batchMs = performance.now() - start;
    elapsedMs += batchMs;
    count += batch;
    times.push(batchMs / batch);
    if (batchMs < 0.05) batch *= 2;
  }
  if (!isRight(last)) throw new Error("wrong value");
  const p50Ms = Float64Array.from(times).sort()[times.length >> 1] ?? 0;
  return { count, elapsedNs: Math.round(elapsedMs * 1e6), p50Ns: Math.round(p50Ms * 1e6) };
}

async function main(): Promise<void> {
  const codec = CODECS[process.argv[2] ?? ""];
  if (codec === undefined) throw new Error(`codecs: ${Object.keys(CODECS).join(", ")}`);
  // Made once, as on a connection: what is compiled for one round serves the others.
  const made = new Map<string, ReturnType<Codec>>();
  console.log(JSON.stringify({ ready: true, versions: { node: process.version } }));
  for await (const line of createInterface({ input: process.stdin })) {
    const { case: name, ms } = JSON.parse(line) as { case: string; ms: number };
    try {
      const [way, letter = ""] = name.split(" ");
      if (!made.has(letter)) made.set(letter, codec(letter));
      const result = measure(made.get(letter)![way as "encode" | "decode"], ms);
      console.log(JSON.stringify({ case: name, ...result }));
    } catch (error) {
      console.log(JSON.stringify({ case: name, error: String(error) }));
    }
  }
}

main();
