/** Users' codecs while a value is encoded. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Encoder } from "../../../../protocol/gob/index.js";
import type { AnySchema } from "../../../../protocol/schema/index.js";
import * as s from "../../../../protocol/schema/index.js";
import { decoderOf, through, whole } from "../helpers.js";

test("codecs get the context, and what they throw is kept", () => {
  const cause = new Error("no broker");
  const lent = s.codec({
    wire: s.uint32(),
    encode: (of: string, context) => {
      if (context === undefined) throw cause;
      return of.length + (context as number);
    },
    decode: (id, context) => `${id}/${context}`,
  });
  const Job = s.struct("Job", { Log: lent });
  const encoder = new Encoder();
  const bytes = encoder.encode(Job, { Log: "abc" }, 4);
  const decoder = decoderOf(bytes);
  assert.deepEqual(whole(decoder.tryDecode(Job, undefined, "ctx")), { Log: "7/ctx" });
  assert.throws(() => encoder.append(Job, { Log: "abc" }), {
    code: "codec-failed",
    message: "gob: Job.Log: no broker",
    cause,
  });
});

test("a codec may be optional, and its zero goes through decode", () => {
  const seen: unknown[] = [];
  const plain = s.codec({
    wire: s.int(),
    encode: (of: number) => of,
    decode: (of) => {
      seen.push(of);
      return of + 100;
    },
  });
  const marked = { ...plain, optional: true } as const;
  const Both = s.struct("Both", { A: plain, B: marked as AnySchema });
  assert.deepEqual(through(Both, { A: 0 } as never, Both) as unknown, { A: 100 });
  assert.deepEqual(seen, [0]);
  assert.deepEqual(through(Both, { A: 1, B: 2 } as never, Both) as unknown, { A: 101, B: 102 });
});
