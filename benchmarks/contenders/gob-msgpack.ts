/** Measures the msgpack codec that the argument names. Maps and structs are plain objects. */

import * as msgpack from "@msgpack/msgpack";
import { Packr } from "msgpackr";
import { answerPairs, isSame, type Pair } from "./gob-measure.js";
import { PLAIN } from "./gob-payloads.js";

interface Codec {
  encode(value: unknown): Uint8Array;
  decode(bytes: Uint8Array): unknown;
}

function codec(name: string): Codec {
  if (name === "msgpackr") {
    // Plain msgpack. The package's records are an extension that no other decoder reads.
    const packr = new Packr({ useRecords: false });
    return { encode: (value) => packr.pack(value), decode: (bytes) => packr.unpack(bytes) };
  }
  const encoder = new msgpack.Encoder();
  const decoder = new msgpack.Decoder();
  return { encode: (value) => encoder.encode(value), decode: (bytes) => decoder.decode(bytes) };
}

const { encode, decode } = codec(process.argv[2] ?? "");

function pair(letter: string): Pair {
  const value = PLAIN[letter];
  if (value === undefined) throw new Error(`no payload ${letter}`);
  const bytes = Buffer.from(encode(value));
  return {
    encode: { run: () => encode(value), isRight: isSame(bytes) },
    decode: { run: () => decode(bytes), isRight: isSame(value) },
  };
}

answerPairs(pair);
