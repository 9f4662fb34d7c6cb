/** Values that Go refuses to encode. We refuse them too, and send nothing of them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { isCodecError } from "../../protocol/errors.js";
import { Encoder, Registry } from "../../protocol/gob/index.js";
import { Time, time } from "../../protocol/gob/wellknown/index.js";
import {
  type AnySchema,
  any,
  array,
  int,
  lazy,
  map,
  named,
  optional,
  slice,
  string,
  struct,
  value,
} from "../../protocol/schema/index.js";
import { readVectors } from "./notation.js";

interface Unencodable {
  readonly id: string;
  readonly clause: string;
  readonly go: string;
}

const point = struct("main.Point", { X: int(), Y: int() });
const t1 = struct("p.T1", { A: int() });
const t2 = struct("p.T2", { A: int() });
const recPtr: AnySchema = named("main.RecPtr", optional(lazy(() => recPtr)));
const recArr: AnySchema = struct("main.RecArr", {
  V: int(),
  K: array(2, optional(lazy(() => recArr))),
});
const recur: AnySchema = struct("main.Recur", { A: array(1, optional(lazy(() => recur))) });

interface Twin {
  /** What our message contains: Go's words, or ours in their place. */
  readonly words: string;
  encode(encoder: Encoder): unknown;
}

const NIL_ELEMENT = "nil element: cannot encode nil pointer of type *";

/** The same in TypeScript, where that is possible. */
const TWINS: Readonly<Record<string, Twin>> = {
  "time-minus1min": {
    words: "Time.MarshalBinary: unexpected zone offset",
    encode: (encoder) => encoder.append(time(), new Time({ unixSeconds: 0n, offsetSeconds: -60 })),
  },
  "err-nil-elem": {
    words: `${NIL_ELEMENT}int`,
    encode: (encoder) => encoder.append(slice(optional(int())), [undefined]),
  },
  "err-nil-mapelem": {
    words: `${NIL_ELEMENT}int`,
    encode: (encoder) =>
      encoder.append(map(string(), optional(int())), new Map([["a", undefined]])),
  },
  "err-unregistered": {
    words: "gob: type not registered for interface: Point",
    encode: (encoder) =>
      encoder.append(any(), value(struct("Point", { X: int(), Y: int() }), { X: 1, Y: 2 })),
  },
  "err-typed-nil-in-iface": {
    words: "gob: gob: cannot encode nil pointer of type *main.Point inside interface",
    encode: (encoder) =>
      encoder.append(any(), value(named("*main.Point", optional(point)), undefined)),
  },
  "err-recursive-ptr": {
    words: "can't represent recursive pointer type ",
    encode: (encoder) => encoder.append(recPtr, {} as never),
  },
  "err-nil-ptr": {
    words: "gob: cannot encode nil pointer of type *int",
    encode: (encoder) => encoder.append(optional(int()), undefined),
  },
  recarr: {
    words: `main.RecArr.K[0].K[0]: ${NIL_ELEMENT}main.RecArr`,
    encode: (encoder) => {
      const inner = { V: 2, K: [undefined, undefined] };
      encoder.append(recArr, { V: 1, K: [inner, undefined] } as never);
    },
  },
  recur: {
    words: `main.Recur.A[0]: ${NIL_ELEMENT}main.Recur`,
    encode: (encoder) => encoder.append(recur, { A: [undefined] } as never),
  },
  "reg-dup-name": {
    words: 'gob: registering duplicate types for "n"',
    encode: () => new Registry().register("n", t1).register("n", t2),
  },
  "reg-both-ptr-val": {
    words: '"example.com/full/p.T1" != "*p.T1"',
    encode: () => new Registry().register("example.com/full/p.T1", t1).register("*p.T1", t1),
  },
  "reg-empty": {
    words: "attempt to register empty name",
    encode: () => new Registry().register("", t1),
  },
};

for (const { id, clause, go } of readVectors<Unencodable>("gob/unencodable.json")) {
  const twin = TWINS[id];
  if (twin === undefined) continue;
  test(`[${clause}] ${id}: ${go} is refused`, () => {
    const encoder = new Encoder();
    assert.throws(
      () => twin.encode(encoder),
      (thrown) => {
        assert.ok(isCodecError(thrown), String(thrown));
        assert.ok(thrown.message.includes(twin.words), thrown.message);
        return true;
      },
    );
    assert.equal(encoder.take().length, 0);
  });
}
