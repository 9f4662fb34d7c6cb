/** [GOB-32] Every kind of type received as every other, wherever it stands, in the words of real Go. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { CodecError, type MismatchReason } from "../../../../protocol/errors.js";
import { addr, time } from "../../../../protocol/gob/wellknown/index.js";
import * as s from "../../../../protocol/schema/index.js";
import { goTest } from "../../../helpers/go.js";
import { goFacts } from "../go-facts.js";
import { decode, encode, unhex } from "../helpers.js";

/** The kinds of gob-facts, as schemas. */
const KINDS: Readonly<Record<string, s.AnySchema>> = {
  bool: s.bool(),
  int: s.int(),
  uint: s.uint(),
  float64: s.float64(),
  complex128: s.complex128(),
  string: s.string(),
  bytes: s.bytes(),
  interface: s.any(),
  Named: s.struct("main.Named", { X: s.int() }),
  Point: s.struct("main.Point", { X: s.int(), Y: s.int() }),
  "[]int": s.slice(s.int()),
  "[]Named": s.slice(s.struct("main.Named", { X: s.int() })),
  Words: s.named("main.Words", s.slice(s.string())),
  "[2]int": s.array(2, s.int()),
  "[3]int": s.array(3, s.int()),
  map: s.map(s.string(), s.int()),
  Time: time(),
  Addr: addr(),
};

const field = (of: s.AnySchema): s.AnySchema => s.struct("", { F: of });

/** The nestings of gob-facts. */
const NESTINGS: Readonly<Record<string, (of: s.AnySchema) => s.AnySchema>> = {
  top: (of) => of,
  field,
  "field of field": (of) => field(field(of)),
  element: s.slice,
  "element of element": (of) => s.slice(s.slice(of)),
  array: (of) => s.array(1, of),
  map: (of) => s.map(s.string(), of),
  "slice in field": (of) => field(s.slice(of)),
  "map in field": (of) => field(s.map(s.string(), of)),
  "field in slice": (of) => s.slice(field(of)),
  "pointer in field": (of) => field(s.optional(of)),
};

interface Line {
  readonly nesting: string;
  readonly sent: string;
  readonly hex: string;
  /** By the kind that is wanted. */
  readonly errors: Readonly<Record<string, string>>;
}

/** Go's text ends with the sender's type, which Go knows only where it is a type of the receiver's, too. */
const withoutRemote = (text: string): string =>
  text.replace(/(received (?:remote|concrete) type ).*$/s, "$1");

const REASONS: readonly (readonly [RegExp, MismatchReason])[] = [
  [/want struct type/, "not-struct"],
  [/local interface type/, "not-interface"],
  [/no fields matched/, "no-fields"],
  [/wrong type/, "field"],
  [/decoding into local type/, "kind"],
];

function failure(schema: s.AnySchema, stream: Uint8Array): CodecError | undefined {
  try {
    decode(schema, stream);
    return undefined;
  } catch (error) {
    assert.ok(error instanceof CodecError);
    return error;
  }
}

goTest("[GOB-22] [GOB-32] what does not fit fails in Go's words, and says why", async (t) => {
  const lines = await goFacts<Line>(t, "mismatches");
  assert.deepEqual(new Set(lines.map(({ nesting }) => nesting)), new Set(Object.keys(NESTINGS)));
  let refused = 0;
  for (const { nesting, sent, hex, errors } of lines) {
    for (const [wanted, kind] of Object.entries(KINDS)) {
      const what = `${sent} as ${wanted}, ${nesting}`;
      const error = failure(NESTINGS[nesting]!(kind), unhex(hex));
      const go = errors[wanted];
      if (go === undefined) {
        assert.equal(error, undefined, what);
        continue;
      }
      refused++;
      assert.ok(error !== undefined, what);
      const ours = error.message.slice(0, withoutRemote(go).length);
      assert.equal(ours, withoutRemote(go), what);
      assert.equal(error.code, "type-mismatch", what);
      assert.equal(error.reason, REASONS.find(([text]) => text.test(go))![1], what);
      assert.equal(typeof error.got, "string", what);
      assert.equal(typeof error.typeName, "string", what);
    }
  }
  assert.ok(refused > 2500, `${refused}`);
});

test("[GOB-32] a mismatch deep inside has its path, and both types", () => {
  const In = s.struct("In", { X: s.string() });
  const Sent = s.struct("Out", { L: s.slice(s.map(s.string(), In)) });
  const cases: readonly (readonly [s.AnySchema, Partial<CodecError>])[] = [
    [
      s.struct("Out", { L: s.slice(s.map(s.string(), s.struct("In", { X: s.int() }))) }),
      { path: "Out.L[][].X", reason: "field", typeName: "int", got: "string" },
    ],
    [
      s.struct("Out", { L: s.slice(s.struct("Other", {})) }),
      { path: "Out.L[]", reason: "not-struct", typeName: "Other", got: "map" },
    ],
    [
      s.struct("Out", { L: s.slice(s.map(s.struct("Key", {}), In)) }),
      { path: "Out.L[][key]", reason: "not-struct", typeName: "Key", got: "string" },
    ],
    [
      // In Go the element is looked at before the struct that is none.
      s.struct("Out", { L: s.slice(s.map(s.struct("Key", {}), s.int())) }),
      { path: "Out.L", reason: "field", got: "[]map[string]In" },
    ],
    [s.struct("Out", { M: s.int() }), { path: undefined, reason: "no-fields", got: "Out" }],
  ];
  const bytes = encode(Sent, { L: [] });
  for (const [schema, want] of cases) {
    const error = failure(schema, bytes)!;
    const facts = Object.keys(want).map((key) => [key, Reflect.get(error, key)]);
    assert.deepEqual(Object.fromEntries(facts), want);
  }
});
