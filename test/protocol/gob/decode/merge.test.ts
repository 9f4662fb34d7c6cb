/** Decoding into a value that is there already. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as s from "../../../../protocol/schema/index.js";
import { decoderOf, encode, whole } from "../helpers.js";

const Point = s.struct("Point", { X: s.int(), Y: s.int() });

test("[GOB-24] a value is merged into another", () => {
  const S = s.struct("S", {
    A: s.int(),
    B: s.int(),
    P: s.optional(Point),
    N: Point,
    M: s.map(s.string(), Point),
    R: s.record(s.int()),
    L: s.slice(Point),
    Ar: s.array(2, Point),
    I: s.any(),
  });
  const into = {
    A: 1,
    B: 2,
    P: { X: 1, Y: 2 },
    N: { X: 3, Y: 4 },
    M: new Map([
      ["old", { X: 1, Y: 1 }],
      ["new", { X: 5, Y: 5 }],
    ]),
    R: { old: 1 },
    L: [
      { X: 1, Y: 1 },
      { X: 2, Y: 2 },
    ],
    Ar: [
      { X: 1, Y: 1 },
      { X: 2, Y: 2 },
    ],
    I: "old" as unknown,
  };
  const { P, N, M, L, Ar } = into;
  const sent = {
    A: 0,
    B: 9,
    P: { X: 7, Y: 0 },
    N: { X: 0, Y: 8 },
    M: new Map([["new", { X: 6, Y: 0 }]]),
    R: { more: 2 },
    L: [{ X: 9, Y: 0 }],
    Ar: [
      { X: 0, Y: 0 },
      { X: 0, Y: 9 },
    ],
    I: null,
  };
  const out = whole(decoderOf(encode(S, sent)).tryDecode(S, into));
  assert.equal(out, into);
  assert.ok(out.P === P && out.N === N && out.M === M && out.L === L && out.Ar === Ar);
  assert.deepEqual(out, {
    A: 1,
    B: 9,
    P: { X: 7, Y: 2 },
    N: { X: 3, Y: 8 },
    M: new Map([
      ["old", { X: 1, Y: 1 }],
      ["new", { X: 6, Y: 0 }],
    ]),
    R: { old: 1, more: 2 },
    L: [{ X: 9, Y: 1 }],
    Ar: [
      { X: 1, Y: 1 },
      { X: 2, Y: 9 },
    ],
    I: "old",
  });
});

test("[GOB-24] a slice that is too short is replaced, and scalars of a list are", () => {
  const S = s.struct("S", { L: s.slice(Point), N: s.slice(s.int()) });
  const sent = {
    L: [
      { X: 0, Y: 1 },
      { X: 0, Y: 2 },
    ],
    N: [4],
  };
  const into = { L: [{ X: 9, Y: 9 }], N: [1, 2, 3] };
  const out = whole(decoderOf(encode(S, sent)).tryDecode(S, into));
  assert.deepEqual(out, { L: sent.L, N: [4] });
});
