/** The first use of a large type on a stream, which every plugin that is dispensed has. Work is counted, not time. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Decoder, Encoder } from "../../../protocol/gob/index.js";
import type { AnySchema } from "../../../protocol/schema/index.js";
import { largeType, largeValue, ROLLOUT_TYPES } from "../../helpers/large-type.js";
import { workOf } from "../../helpers/work.js";

const encodeFirst = (schema: AnySchema, count: number) => () =>
  new Encoder().encode(schema, largeValue(count) as never);

function decodeFirst(schema: AnySchema, stream: Uint8Array): () => void {
  return () => {
    const decoder = new Decoder();
    decoder.push(stream);
    decoder.tryDecode(schema);
  };
}

/** The work of the first and of the second stream, for each type. */
function works(count: number, run: () => void): readonly [number, number] {
  return [workOf(run) / count, workOf(run) / count];
}

test("a new stream that sends a large type does work for each of its types once", () => {
  const [, few] = works(47, encodeFirst(largeType(47), 47));
  const [first, many] = works(ROLLOUT_TYPES, encodeFirst(largeType(ROLLOUT_TYPES), ROLLOUT_TYPES));
  // The work for a type does not grow with the number of types around it.
  assert.ok(many < 1.5 * few, `${few} blocks for each of 47 types, ${many} for each of 188`);
  assert.ok(many < 1000, `${many} blocks for each type`);
  assert.ok(many < first);
});

test("a new stream that receives a large type of an earlier stream compiles nothing", () => {
  const stream = encodeFirst(largeType(ROLLOUT_TYPES), ROLLOUT_TYPES)();
  const schema = largeType(ROLLOUT_TYPES);
  const [first, second] = works(ROLLOUT_TYPES, decodeFirst(schema, stream));
  assert.ok(second < first / 2, `${first} blocks for each type, then ${second}`);
});
