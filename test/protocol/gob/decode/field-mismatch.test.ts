/** [GOB-56] Fields that only one side has are told once, and refused where the user is strict. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { isCodecError } from "../../../../protocol/errors.js";
import { mismatchText } from "../../../../protocol/gob/decode/mismatch.js";
import {
  Decoder,
  type DecoderOptions,
  Encoder,
  type FieldMismatch,
  Registry,
} from "../../../../protocol/gob/index.js";
import * as s from "../../../../protocol/schema/index.js";

/** Decodes what a peer with the schema `theirs` sends, once for each schema. Returns what was told. */
function told(theirs: s.AnySchema, value: unknown, ...ours: s.AnySchema[]): FieldMismatch[] {
  const mismatches: FieldMismatch[] = [];
  const decoder = new Decoder({ onMismatch: (mismatch) => mismatches.push(mismatch) });
  const encoder = new Encoder();
  for (const schema of ours) {
    encoder.append(theirs, value as never);
    decoder.push(encoder.take());
    decoder.tryDecode(schema);
    decoder.retain();
  }
  return mismatches;
}

const Theirs = s.struct("Job", { ID: s.int(), Name: s.string(), Owner: s.string() });
const Misspelt = s.struct("OurJob", { ID: s.int(), Nmae: s.string() });
const job = { ID: 1, Name: "n", Owner: "o" };

test("[GOB-56] both lists are told, once for a schema and a type", () => {
  assert.deepEqual(told(Theirs, job, Misspelt, Misspelt, Misspelt), [
    { typeName: "OurJob", got: "Job", unknown: ["Name", "Owner"], missing: ["Nmae"] },
  ]);
  assert.deepEqual(told(Theirs, job, Theirs, s.struct("Same", { ...Theirs.fields })), []);
});

const ANYWHERE: Readonly<Record<string, (of: s.AnySchema) => s.AnySchema>> = {
  "a field": (of) => s.struct("Holder", { Job: of }),
  "a slice": (of) => s.slice(of),
  "an array": (of) => s.array(1, of),
  "a key of a map": (of) => s.map(of, s.int()),
  "an element of a map": (of) => s.map(s.string(), of),
  "a pointer": (of) => s.struct("Holder", { Job: s.optional(of) }),
  "a reference": (of) => s.struct("Holder", { Job: s.lazy(() => of) }),
  "a codec": (of) =>
    s.codec({ wire: of, encode: (value: unknown) => value as never, decode: (value) => value }),
};
const VALUES: Readonly<Record<string, unknown>> = {
  "a slice": [job],
  "an array": [job],
  "a key of a map": new Map([[job, 1]]),
  "an element of a map": new Map([["a", job]]),
  "a codec": job,
};
for (const [place, around] of Object.entries(ANYWHERE)) {
  test(`[GOB-56] a struct in ${place} is looked at, also if no value has it`, () => {
    const value = VALUES[place] ?? { Job: job };
    const [mismatch, ...others] = told(around(Theirs), value, around(Misspelt));
    assert.deepEqual(mismatch?.missing, ["Nmae"]);
    assert.deepEqual(others, []);
  });
}

test("[GOB-56] a struct behind an interface is looked at when the first one comes", () => {
  const send = (schema: s.AnySchema, onMismatch?: DecoderOptions["onMismatch"]) => {
    const registry = new Registry().register("main.Job", schema);
    return { encoder: new Encoder({ registry }), decoder: new Decoder({ registry, onMismatch }) };
  };
  const mismatches: FieldMismatch[] = [];
  const { encoder } = send(Theirs);
  const { decoder } = send(Misspelt, (mismatch) => mismatches.push(mismatch));
  for (let i = 0; i < 3; i++) encoder.append(s.any(), s.value(Theirs, job));
  decoder.push(encoder.take());
  for (let i = 0; i < 3; i++) decoder.tryDecode(s.any());
  assert.deepEqual(
    mismatches.map(({ missing }) => missing),
    [["Nmae"]],
  );
});

test("[GOB-56] types that refer to themselves are looked at once", () => {
  const tree = (name: string): s.AnySchema =>
    s.struct("Tree", {
      [name]: s.int(),
      get Kids() {
        return s.slice(s.lazy(() => own));
      },
    });
  let own: s.AnySchema = tree("V");
  const theirs = own;
  const sent = new Encoder().encode(theirs, { V: 1, Kids: [{ V: 2, Kids: [] }] } as never);
  own = tree("W");
  const mismatches: FieldMismatch[] = [];
  const decoder = new Decoder({ onMismatch: (mismatch) => mismatches.push(mismatch) });
  decoder.push(sent);
  decoder.tryDecode(own);
  assert.equal(mismatches.length, 1);
});

const Base = s.struct("Base", { ID: s.int(), Tag: s.string() });
const Embeds = s.struct("User", { Base: s.embedded(Base), Name: s.string() });

test("[GOB-56] [GOB-47] promoted fields count for those of the embedded struct", () => {
  const nested = { Base: { ID: 1, Tag: "t" }, Name: "n" };
  assert.deepEqual(told(Embeds, nested, Embeds), []);
  const flat = s.struct("Flat", { ID: s.int(), Tag: s.string(), Name: s.string() });
  assert.deepEqual(told(flat, { ID: 1, Tag: "t", Name: "n" }, Embeds), []);
  const some = s.struct("Some", { ID: s.int(), Name: s.string() });
  assert.deepEqual(told(some, { ID: 1, Name: "n" }, Embeds)[0]?.missing, ["Tag"]);
  const none = s.struct("None", { Name: s.string() });
  assert.deepEqual(told(none, { Name: "n" }, Embeds)[0]?.missing, ["Base"]);
  // The peer embeds, and we do not know it.
  const unaware = s.struct("User", { ID: s.int(), Name: s.string() });
  const [mismatch] = told(Embeds, nested, unaware);
  assert.deepEqual([mismatch?.unknown, mismatch?.missing], [["Base"], ["ID"]]);
});

test("[GOB-56] what has no fields of its own, and what is decoded by the peer's type, has no mismatch", () => {
  assert.deepEqual(told(Theirs, job, s.empty()), []);
  const mismatches: FieldMismatch[] = [];
  const decoder = new Decoder({ onMismatch: (mismatch) => mismatches.push(mismatch) });
  decoder.push(new Encoder().encode(Theirs, job));
  decoder.tryDecodeAny();
  assert.deepEqual(mismatches, []);
});

test("[GOB-56] later streams with the same definitions tell the same object", () => {
  const [first] = told(Theirs, job, Misspelt);
  const [second] = told(Theirs, job, Misspelt);
  assert.equal(first, second);
});

test("[GOB-56] strict: a value is refused with both lists, and the stream goes on", () => {
  const decoder = new Decoder({ strict: true });
  const encoder = new Encoder();
  for (let i = 0; i < 3; i++) encoder.append(s.slice(Theirs), [job]);
  decoder.push(encoder.take());
  const refused = {
    name: "CodecError",
    code: "type-mismatch",
    reason: "fields",
    typeName: "OurJob",
    got: "Job",
    message:
      /fields of OurJob differ: the peer's Job lacks Nmae \(it has Name\); the schema lacks Name, Owner/,
  };
  assert.throws(() => decoder.tryDecode(s.slice(Misspelt)), refused);
  assert.throws(() => decoder.tryDecode(s.slice(Misspelt)), refused);
  assert.deepEqual(decoder.tryDecode(s.slice(Theirs)), [job]);
});

test("[GOB-56] strict: fields that only one of the two has are enough", () => {
  const wider = s.struct("Job", { ...Theirs.fields, More: s.int() });
  for (const [theirs, ours] of [
    [Theirs, wider],
    [wider, Theirs],
  ] as const) {
    const decoder = new Decoder({ strict: true });
    decoder.push(new Encoder().encode(theirs, { ID: 1 } as never));
    assert.throws(
      () => decoder.tryDecode(ours),
      (error) => isCodecError(error) && error.reason === "fields",
    );
  }
});

test("names of the peer's are short and printable, and the text lists some of them", () => {
  const fields = [
    "A\n\u001b[31m",
    `L${"x".repeat(500)}`,
    ...Array.from({ length: 50 }, (_, i) => `F${i}`),
  ];
  const theirs = s.struct("a b", Object.fromEntries(fields.map((name) => [name, s.int()])));
  const ours = s.struct("T", { F0: s.int() });
  const [mismatch] = told(theirs, {}, ours);
  assert.equal(mismatch?.got, '"a b"');
  assert.deepEqual(mismatch.unknown.slice(0, 2), ['"A\\n\\u001b[31m"', `L${"x".repeat(199)}…`]);
  assert.match(
    mismatchText(mismatch),
    /^fields of T differ: the schema lacks "A\\n\\u001b\[31m", Lx{199}…, F1, .* and 31 more$/,
  );
  const decoder = new Decoder({ strict: true });
  decoder.push(
    new Encoder().encode(s.struct("X".repeat(100_000), { F0: s.int(), F1: s.int() }), {} as never),
  );
  assert.throws(
    () => decoder.tryDecode(ours),
    (error) => isCodecError(error) && error.got?.length === 201 && error.message.length < 500,
  );
});

test("a name that is nearly the same is shown beside the one that is missing", () => {
  const missing = ["Adress", "IsOpen", "Z"];
  assert.equal(
    mismatchText({ typeName: "T", got: "Job", unknown: ["Address", "isopen", "Other"], missing }),
    "fields of T differ: the peer's Job lacks Adress (it has Address), IsOpen (it has isopen), Z; " +
      "the schema lacks Address, isopen, Other",
  );
});
