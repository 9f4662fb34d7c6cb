/** Decodes mutated streams. The worst that may happen is a CodecError, without much work and memory. */

import { isCodecError } from "../../protocol/errors.js";
import {
  addr,
  basicError,
  bigFloat,
  bigInt,
  bigRat,
  Decoder,
  duration,
  inspect,
  ip,
  ipNet,
  NEED_MORE,
  type Registry,
  rawMessage,
  time,
  url,
  uuid,
} from "../../protocol/gob/index.js";
import { type AnySchema, any, dynamic, slice } from "../../protocol/schema/index.js";
import { Random } from "../helpers/random.js";
import { takeWork, workOf } from "../helpers/work.js";
import { GOB_FILES, readVectors, toBytes, toSchema } from "../spec/notation.js";
import { registryOf } from "../spec/streams.js";
import { Mutator } from "./mutator.js";

/** A stream that Go wrote, and how it is read. */
interface Specimen {
  readonly bytes: Uint8Array;
  readonly schemas: readonly AnySchema[];
  readonly registry: Registry;
}

/** What came of a run. */
export interface Report {
  readonly inputs: number;
  /** How many inputs gave a value. There must be some: a decoder that refuses everything at once is not tested. */
  readonly taken: number;
  /** The most blocks of code that one batch of inputs ran. */
  readonly mostWork: number;
  /** The largest size of JavaScript's heap and of the memory that it holds outside. */
  readonly heapBytes: number;
  /** One text for each input that threw something else, or took too much work. */
  readonly failures: readonly string[];
}

/** Longer vectors take time and show nothing new. */
const MAX_SPECIMEN_BYTES = 4000;
/** Work is counted for so many inputs at once, because counting takes as long as reading a few of them. */
const BATCH_INPUTS = 50;
/** The most blocks of code for a batch, so for each input in it. Usual are 500 for an input. */
const MAX_BLOCKS = 1_000_000;
/** The most values that are read from one input. */
const MAX_VALUES = 8;
const HEAP_SAMPLE_INPUTS = 5000;
/** Types that check the bytes inside a value, and types that take anything. */
const RECEIVERS: readonly AnySchema[] = [
  time(),
  duration(),
  bigInt(),
  bigRat(),
  bigFloat(),
  url(),
  ip(),
  ipNet(),
  addr(),
  uuid(),
  rawMessage(),
  basicError(),
  any(),
  slice(any()),
  dynamic(),
];

const specimens: readonly Specimen[] = GOB_FILES.flatMap((file) => readVectors(file))
  .map((vector) => ({
    bytes: toBytes(vector.hex),
    schemas: vector.values.map(({ type }) => toSchema(type)),
    registry: registryOf(vector),
  }))
  .filter(({ bytes }) => bytes.length <= MAX_SPECIMEN_BYTES);

/** Decodes `inputs` inputs. The same seed makes the same inputs. */
export function runMutations(seed: number, inputs: number): Report {
  const random = new Random(seed);
  const mutator = new Mutator(
    random,
    specimens.map(({ bytes }) => bytes),
  );
  let taken = 0;
  let mostWork = 0;
  let heapBytes = 0;
  const failures: string[] = [];
  let batch: Input[] = [];
  takeWork();
  for (let i = 0; i < inputs; i++) {
    const specimen = random.pick(specimens);
    const bytes = random.chance(10) ? mutator.noise() : mutator.mutate(specimen.bytes);
    const input = { bytes, read: reading(random, specimen, bytes) };
    batch.push(input);
    const { values, error } = outcome(input.read);
    if (values > 0) taken++;
    if (error !== undefined && !isCodecError(error))
      failures.push(`${describe(error)}\n  ${toHex(bytes)}`);
    if (i % HEAP_SAMPLE_INPUTS === 0) heapBytes = Math.max(heapBytes, heapNow());
    if (batch.length < BATCH_INPUTS && i < inputs - 1) continue;
    const work = takeWork();
    mostWork = Math.max(mostWork, work);
    if (work > MAX_BLOCKS) failures.push(hardest(batch));
    batch = [];
  }
  return { inputs, taken, mostWork, heapBytes, failures };
}

interface Input {
  readonly bytes: Uint8Array;
  readonly read: Reading;
}

/** Reads the inputs of a batch again, one by one, and names the one that takes the most work. */
function hardest(batch: readonly Input[]): string {
  const works = batch.map(({ read }) => workOf(() => void outcome(read)));
  const most = Math.max(...works);
  return `${most} blocks\n  ${toHex(batch[works.indexOf(most)]!.bytes)}`;
}

/** Reads an input to its end, or to an error that breaks the stream, and returns the number of values. It can be repeated. */
type Reading = () => number;

function reading(random: Random, specimen: Specimen, bytes: Uint8Array): Reading {
  const way = random.below(10);
  if (way === 0) return () => inspect(bytes).length;
  const options = random.chance(3) ? {} : { registry: specimen.registry };
  const schemas = random.chance(4) ? [random.pick(RECEIVERS)] : specimen.schemas;
  const chunkBytes = random.chance(5) ? 1 + random.below(20) : bytes.length;
  return () => {
    const decoder = new Decoder(options);
    let taken = 0;
    let at = 0;
    for (let values = 0; values < MAX_VALUES; ) {
      const schema = schemas[Math.min(values, schemas.length - 1)] as AnySchema;
      const step = take(decoder, schema, way);
      if (step !== "more") values++;
      if (step === "value") taken++;
      if (step === "end") break;
      if (step !== "more") continue;
      if (at >= bytes.length) decoder.end();
      decoder.push(bytes.subarray(at, at + chunkBytes));
      at += chunkBytes;
    }
    return taken;
  };
}

/** Reads the next value by a schema or by the peer's type, or skips it. Some errors leave the stream usable. */
function take(
  decoder: Decoder,
  schema: AnySchema,
  way: number,
): "value" | "error" | "more" | "end" {
  try {
    if (way > 7) return decoder.trySkip() ? "value" : "more";
    const value = way < 6 ? decoder.tryDecode(schema) : decoder.tryDecodeAny();
    return value === NEED_MORE ? "more" : "value";
  } catch (error) {
    if (!isCodecError(error)) throw error;
    return decoder.isBroken || error.code === "eof" ? "end" : "error";
  }
}

function outcome(run: Reading): { readonly values: number; readonly error: unknown } {
  try {
    return { values: run(), error: undefined };
  } catch (error) {
    return { values: 0, error };
  }
}

function heapNow(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

const describe = (error: unknown): string =>
  error instanceof Error ? `${error.stack}` : `thrown: ${String(error)}`;
