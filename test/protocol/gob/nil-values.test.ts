/** Values that are nil in JavaScript and not missing: pointers to nil interfaces, and marshalers whose zero is undefined. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { bigInt, Registry, time } from "../../../protocol/gob/index.js";
import type { AnySchema } from "../../../protocol/schema/index.js";
import * as s from "../../../protocol/schema/index.js";
import { decode, decoderOf, encode, hex, refusesValue, through, unhex } from "./helpers.js";

const pointer = s.optional(s.any());

test("[GOB-52] a pointer to a nil interface is sent as Go sends it, and read back", () => {
  // Go: Encode([]*interface{}{&null}), &null, &(&null), []**interface{}{&(&null)}.
  const list = s.slice(pointer);
  assert.equal(hex(encode(list, [null])), "0b7f020102ff80000110000005ff80000100");
  assert.deepEqual(decode(list, "0b7f020102ff80000110000005ff80000100"), [null]);
  assert.equal(hex(encode(pointer, null)), "03100000");
  assert.equal(hex(encode(s.optional(pointer), null)), "03100000");
  const deep = s.slice(s.optional(s.lazy(() => s.named("main.P", pointer))));
  assert.equal(hex(encode(deep, [null])), "0b7f020102ff80000110000005ff80000100");
  const all: [AnySchema, unknown][] = [
    [list, [null, 5, null, "x"]],
    [s.slice(s.optional(s.dynamic())), [null, null]],
    [s.array(2, pointer), [null, 5]],
    [s.map(s.string(), pointer), new Map([["a", null]])],
    [s.record(pointer), { a: null }],
  ];
  for (const [schema, value] of all) {
    const out = through(schema, value as never, schema);
    assert.equal(hex(encode(schema, out as never)), hex(encode(schema, value as never)));
  }
});

test("[GOB-52] a field leaves a pointer to a nil interface out, as Go does", () => {
  const Go = s.struct("PI", { A: s.int(), I: pointer, B: s.int() });
  const bytes = encode(Go, { A: 1, I: null, B: 2 });
  // Go: Encode(PI{1, &null, 2}) and Encode(PI{1, nil, 2}).
  const want =
    "217f03010102504901ff80000103010141010400010149011000010142010400000007ff800102020400";
  assert.equal(hex(bytes), want);
  assert.deepEqual(decode(Go, bytes), { A: 1, B: 2 });
  assert.equal(hex(encode(Go, { A: 1, B: 2 })), hex(bytes));
});

test("[GOB-52] a nil pointer to an interface is refused where Go refuses it", () => {
  const code = "bad-value";
  refusesValue(
    s.slice(pointer),
    [undefined],
    { code, path: "[0]" },
    /nil element.*\*interface \{\}$/,
  );
  refusesValue(
    pointer,
    undefined,
    { code },
    "gob: cannot encode nil pointer of type *interface {}",
  );
  const inside = s.value(pointer, undefined);
  const text = "gob: gob: cannot encode nil pointer of type *interface {} inside interface";
  refusesValue(s.any(), inside, { code }, text);
});

test("[GOB-52] in an interface a pointer to an interface is a type that needs a name", () => {
  const text = /^gob: type not registered for interface: interface \{\} \(use/;
  for (const value of [5, null]) {
    refusesValue(s.any(), s.value(pointer, value), { code: "not-registered" }, text);
  }
  const registry = new Registry().register("*interface {}", pointer);
  const list = s.slice(s.any());
  // Go: gob.Register(new(interface{})); Encode([]interface{}{&five}), {&null}.
  const five =
    "0b7f020102ff8000011000001dff8000010d2a696e74657266616365207b7d10090003696e740402000a";
  assert.equal(hex(encode(list, [s.value(pointer, 5)], { registry })), five);
  assert.deepEqual(decode(list, five, { registry }), [5]);
  const nil = "0b7f020102ff80000110000016ff8000010d2a696e74657266616365207b7d10020000";
  assert.equal(hex(encode(list, [s.value(pointer, null)], { registry })), nil);
  assert.deepEqual(decode(list, nil, { registry }), [null]);
});

/** As `type T struct{ set bool }` with GobEncode on the value: nothing is set at first. */
const maybe = (nothing: undefined | null, isOnPointer = false) =>
  s.marshaler<string | undefined | null, string | undefined | null>({
    name: "main.Maybe",
    encode: (value) => Buffer.from(value ?? ""),
    decode: (bytes) => (bytes.length === 0 ? nothing : Buffer.from(bytes).toString()),
    zero: () => nothing,
    ...(isOnPointer ? {} : { isZero: (value) => value === nothing }),
  });

test("[GOB-16] a marshaler whose zero is undefined or null encodes what it decodes", () => {
  for (const nothing of [undefined, null]) {
    for (const isOnPointer of [false, true]) {
      const M = maybe(nothing, isOnPointer);
      const Holder = s.struct("Holder", { A: M, B: M, P: s.optional(M), L: s.slice(M) });
      const given = { A: nothing, B: "x", L: [nothing, "y"] };
      const out = through(Holder, given as never, Holder);
      assert.deepEqual(out, given);
      assert.equal(hex(encode(Holder, out as never)), hex(encode(Holder, given as never)));
      // The field is left out only where Go leaves it out.
      const alone = s.struct("Alone", { A: M });
      const bytes = encode(alone, { A: nothing });
      assert.equal(hex(bytes).endsWith(isOnPointer ? "010000" : "ff8000"), true, hex(bytes));
      assert.equal(through(M, nothing, M), nothing);
      const pointers = s.slice(s.optional(M));
      assert.deepEqual(through(pointers, [undefined, "z"], pointers), [nothing, "z"]);
      const map = s.map(s.string(), M);
      assert.deepEqual(through(map, new Map([["a", nothing]]), map), new Map([["a", nothing]]));
      const any = s.value(s.named("main.Maybe", M), nothing);
      assert.ok(Buffer.from(encode(s.any(), any)).includes("main.Maybe"));
    }
  }
  const code = "bad-value";
  refusesValue(s.slice(time()), [undefined], { code }, /want time\.Time, got undefined/);
  refusesValue(s.slice(s.optional(time())), [undefined], { code }, /nil element.*\*time\.Time/);
  assert.deepEqual(decode(s.slice(bigInt()), encode(s.slice(s.optional(bigInt())), [undefined])), [
    0n,
  ]);
});

test("[GOB-31] a codec over an interface passes its nil on", () => {
  const passing = s.codec({
    wire: s.any(),
    encode: (value: unknown) => value,
    decode: (value) => value,
  });
  const list = s.slice(s.optional(passing));
  assert.deepEqual(through(list, [null, 5], list), [null, 5]);
  assert.ok(decoderOf(unhex("03100000")).tryDecode(passing) === null);
});
