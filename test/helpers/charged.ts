/**
 * Kinds of values, what they take in memory, and what receivers count for them [GOB-33]. Used by the test of the
 * costs and by `benchmarks/charged.ts`.
 */
import { isCodecError } from "../../protocol/errors.js";
import { Decoder, Encoder, NEED_MORE } from "../../protocol/gob/index.js";
import { time } from "../../protocol/gob/wellknown/index.js";
import { JsonDecoder, JsonEncoder } from "../../protocol/json/stream.js";
import { MsgpackDecoder, MsgpackEncoder } from "../../protocol/msgpack/stream.js";
import * as s from "../../protocol/schema/index.js";
import { heldBytes } from "./memory.js";

/** A kind of values. */
export interface Part {
  readonly name: string;
  readonly elem: s.AnySchema;
  readonly value: (i: number) => unknown;
  /** The bytes of texts and byte slices in one value. They are bounded by the message, and are not counted. */
  readonly content: number;
}

const part = (
  name: string,
  elem: s.AnySchema,
  value: (i: number) => unknown,
  content = 0,
): Part => ({ name, elem, value, content });
const fields = (count: number, of: s.AnySchema) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`F${i}`, of]));
const keys = (count: number, of: (i: number) => unknown) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`F${i}`, of(i)]));
const wide = (count: number, of: s.AnySchema) => s.struct("Wide", fields(count, of));

const W = s.named("main.W", wide(1, s.int()));

export const PARTS: readonly Part[] = [
  part("bool", s.bool(), () => true),
  part("small int", s.int(), (i) => i % 100),
  part("large int", s.int(), (i) => 2 ** 40 + i),
  part("int32", s.int32(), (i) => 2 ** 31 - 1 - i),
  part("bigint, small", s.int64({ as: "bigint" }), () => 1n),
  part("bigint, large", s.int64({ as: "bigint" }), (i) => 2n ** 62n + BigInt(i)),
  part("safe int", s.int64({ as: "safe" }), (i) => 2n ** 62n + BigInt(i)),
  part("float64", s.float64(), (i) => i + 0.5),
  part("float32", s.float32(), (i) => i + 0.5),
  part("complex128", s.complex128(), (i) => ({ re: i + 0.5, im: 1.5 })),
  part("empty string", s.string(), () => ""),
  part("string of 8", s.string(), (i) => `${10000000 + i}`, 8),
  part("string of 40", s.string(), (i) => `${10000000 + i}`.repeat(5), 40),
  part("empty bytes", s.bytes(), () => new Uint8Array(0)),
  part("bytes of 8", s.bytes(), () => new Uint8Array(8), 8),
  part("bytes of 100", s.bytes(), () => new Uint8Array(100), 100),
  part("bytes of 40k", s.bytes(), () => new Uint8Array(40_000), 40_000),
  part("raw string of 8", s.rawString(), () => new Uint8Array(8), 8),
  part("empty list", s.slice(s.int()), () => []),
  part("empty list of structs", s.slice(wide(1, s.int())), () => []),
  part("list of 4 ints", s.slice(s.int()), () => [1, 2, 3, 4]),
  part("list of 40 bools", s.slice(s.bool()), () => new Array(40).fill(true)),
  part("array of 4", s.array(4, s.int()), () => [1, 2, 3, 4]),
  part("empty map", s.map(s.string(), s.int()), () => new Map()),
  part("map of 1", s.map(s.string(), s.int()), () => new Map([["k", 1]])),
  part(
    "map of 100",
    s.map(s.int(), s.int()),
    () => new Map(Array.from({ length: 100 }, (_, i) => [i, i])),
  ),
  part("empty record", s.record(s.int()), () => ({})),
  part("record of 1", s.record(s.int()), () => ({ k: 1 })),
  part("record of 20", s.record(s.int()), (i) =>
    Object.fromEntries(Array.from({ length: 20 }, (_, k) => [`k${k}.${i}`, k])),
  ),
  part("struct of 0", s.empty(), () => undefined),
  part("struct of 1", wide(1, s.int()), () => keys(1, () => 0)),
  part("struct of 10 ints", wide(10, s.int()), () => keys(10, () => 0)),
  part("struct of 10 large ints", wide(10, s.int()), () => keys(10, () => 2 ** 40)),
  part("struct of 10 floats", wide(10, s.float64()), () => keys(10, (i) => i + 0.5)),
  part("struct of 10 strings", wide(10, s.string()), () => keys(10, (i) => `text${i}`), 50),
  part("struct of 10 absent lists", wide(10, s.slice(s.int())), () => keys(10, () => [])),
  part("struct of 10 absent maps", wide(10, s.optional(s.map(s.string(), s.int()))), () => ({})),
  part("struct of 10 absent bytes", wide(10, s.bytes()), () => keys(10, () => new Uint8Array(0))),
  part("struct of 10 optional ints", wide(10, s.optional(s.int())), () => keys(10, () => 5)),
  part("struct of 10 optional lists", wide(10, s.optional(s.array(1, s.int()))), () =>
    keys(10, () => [1]),
  ),
  part("struct with absent array", s.struct("A", { X: s.int(), Y: s.array(100, s.int()) }), () => ({
    X: 1,
    Y: new Array(100).fill(0),
  })),
  part("struct of 10 structs", wide(10, wide(1, s.int())), () => keys(10, () => ({ F0: 0 }))),
  part("struct of 1000 absent", wide(1000, s.int()), () => keys(1000, () => 0)),
  part("nil interface", s.any(), () => null),
  part("string in interface", s.any(), () => "k"),
  part("int in interface", s.any(), (i) => s.value(s.int(), i)),
  part("large int in interface", s.any(), (i) => s.value(s.int(), 2 ** 40 + i)),
  part("float in interface", s.any(), (i) => s.value(s.float64(), i + 0.5)),
  part("struct in interface", s.any(), () => s.value(W, { F0: 1 } as never)),
  part("texts in interface", s.any(), () => s.value(s.slice(s.string()), [])),
  part("texts in registered", s.registered("[]string", s.slice(s.string())), () => []),
  part("one of two types", s.oneOf({ int: s.int(), "main.W": W }), (i) => ({
    name: "int",
    value: i,
  })),
  part("nil dynamic", s.dynamic(), () => null),
  part("int in dynamic", s.dynamic(), (i) => s.value(s.int(), i)),
  part("struct in dynamic", s.dynamic(), () => s.value(W, { F0: 1 } as never)),
  part("time", time(), () => new Date(1)),
];

/** Decodes a list. */
export type Read = (maxValueBytes: number) => unknown;

const UNLIMITED = 2 ** 50;

/** The reads of a list of `count` values, by codec and by how it is read. Without the codecs that have no form for it. */
export function readsOf(part: Part, count: number): Map<string, Read> {
  const reads = new Map<string, Read>();
  for (const make of [gobReads, msgpackReads, jsonReads]) {
    try {
      for (const [name, read] of Object.entries(make(part, count))) reads.set(name, read);
    } catch (error) {
      if (make === gobReads || !isCodecError(error)) throw error;
    }
  }
  return reads;
}

function gobReads({ elem, value }: Part, count: number): Record<string, Read> {
  const list = Array.from({ length: count }, (_, i) => value(i));
  const stream = new Encoder({ maxDepth: 100000 }).encode(s.slice(elem), list as never);
  const read = (take: (decoder: Decoder) => unknown) => (maxValueBytes: number) => {
    const decoder = new Decoder({ maxValueBytes, maxMessageBytes: 2 ** 40 });
    decoder.push(stream);
    const taken = take(decoder);
    if (taken === NEED_MORE) throw new Error("the list is cut short");
    return taken;
  };
  return {
    gob: read((decoder) => decoder.tryDecode(s.slice(elem))),
    "gob, any": read((decoder) => decoder.tryDecodeAny()),
  };
}

function msgpackReads({ elem, value }: Part, count: number): Record<string, Read> {
  const encoder = new MsgpackEncoder();
  encoder.append(
    s.slice(elem),
    Array.from({ length: count }, (_, i) => value(i)),
  );
  const bytes = encoder.take();
  const read = (of: s.AnySchema) => (maxValueBytes: number) => {
    const decoder = new MsgpackDecoder({ maxValueBytes, maxMessageBytes: 2 ** 40 });
    decoder.push(bytes);
    return decoder.tryDecode(of);
  };
  return {
    msgpack: read(s.slice(elem)),
    "msgpack, any": read(s.any()),
    "msgpack, dynamic": read(s.dynamic()),
  };
}

function jsonReads({ elem, value }: Part, count: number): Record<string, Read> {
  const encoder = new JsonEncoder();
  const text = encoder.format(
    s.slice(elem),
    Array.from({ length: count }, (_, i) => value(i)),
  );
  const bytes = Buffer.from(`{"v":${text}}`);
  const read = (of: s.AnySchema) => (maxValueBytes: number) => {
    const decoder = new JsonDecoder({ maxValueBytes, maxMessageBytes: 2 ** 40 });
    decoder.push(bytes);
    const members = decoder.tryMembers();
    if (members === NEED_MORE) throw new Error("the list is cut short");
    return decoder.parse(of, members.get("v"));
  };
  return {
    json: read(s.slice(elem)),
    "json, any": read(s.any()),
    "json, dynamic": read(s.dynamic()),
  };
}

/** What is counted for a list: the smallest `maxValueBytes` that lets it pass, within 1 %. */
export function charged(read: Read): number {
  let [low, high] = [0, 2 ** 34];
  while (high - low > low / 100) {
    const middle = Math.floor((low + high) / 2);
    try {
      read(middle);
      high = middle;
    } catch (error) {
      if (!isCodecError(error) || error.code !== "limit") throw error;
      low = middle;
    }
  }
  return high;
}

/** The heap, and the memory of buffers outside of it. */
async function held(): Promise<number> {
  const { heap, buffers } = await heldBytes();
  return heap + buffers;
}

/**
 * As {@link taken}, measured again up to four times until it fits. During a measure the heap may lose, or get, what has
 * nothing to do with the decode.
 */
export async function takenIf(read: Read, fits: (bytes: number) => boolean): Promise<number> {
  let bytes = await taken(read);
  for (let again = 0; again < 4 && !fits(bytes); again++) bytes = await taken(read);
  return bytes;
}

/** What is held after a decode more than before. */
export async function taken(read: Read): Promise<number> {
  const kept: unknown[] = [read(UNLIMITED)];
  kept[0] = undefined;
  const before = await held();
  kept[0] = read(UNLIMITED);
  return (await held()) - before;
}
