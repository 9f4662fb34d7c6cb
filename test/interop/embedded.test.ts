/** Embedded structs between Go and us, both ways: Go decides what every pair of types means. */
import assert from "node:assert/strict";
import { createInterface } from "node:readline";
import type { TestContext } from "node:test";
import { isCodecError } from "../../protocol/errors.js";
import { HOT_CALLS } from "../../protocol/gob/generate.js";
import { JsonDecoder, JsonEncoder } from "../../protocol/json/stream.js";
import { MsgpackDecoder, MsgpackEncoder } from "../../protocol/msgpack/stream.js";
import * as s from "../../protocol/schema/index.js";
import { codecsBinary, goTest, startGo } from "../helpers/go.js";
import { decode, encode } from "../protocol/gob/helpers.js";

const Base = s.struct("Base", { ID: s.int(), Tag: s.string() });
const Deep = s.struct("Deep", { Base: s.embedded(Base), X: s.int() });
const Other = s.struct("Other", { ID: s.int(), Z: s.int() });
const hidden = s.struct("hidden", { ID: s.int() });
const Name = s.string();

/** The twins of the types in test/go/codecs/embed.go. */
const TYPES = {
  Plain: s.struct("Plain", { Base: s.embedded(Base), Name }),
  Pointer: s.struct("Pointer", { Base: s.embedded(s.optional(Base)), Name }),
  Twice: s.struct("Twice", { Deep: s.embedded(Deep), Name }),
  Ambiguous: s.struct("Ambiguous", { Base: s.embedded(Base), Other: s.embedded(Other), Name }),
  Shadowing: s.struct("Shadowing", { Base: s.embedded(Base), ID: s.int() }),
  Unexported: s.struct("Unexported", { hidden: s.embedded(hidden), Name }),
  Flat: s.struct("Flat", { ID: s.int(), Tag: s.string(), Z: s.int() }),
} as const;
type Type = keyof typeof TYPES;
const NAMES = Object.keys(TYPES) as Type[];

/** What Go sends. Each of them is read into each type. */
const SENT = [
  ...["Plain", "PlainZero", "Pointer", "PointerNil", "Twice", "Ambiguous", "Shadowing"],
  ...["Unexported", "Flat", "Both", "Reversed", "ReversedZero", "Middle"],
];

interface Format {
  decode(schema: s.AnySchema, bytes: Uint8Array): unknown;
  encode(schema: s.AnySchema, value: unknown): Uint8Array;
}
const FORMATS: Readonly<Record<string, Format>> = {
  gob: {
    decode: (schema, bytes) => decode(schema, bytes),
    encode: (schema, value) => encode(schema, value as never),
  },
  json: {
    decode: (schema, bytes) => new JsonDecoder().parse(schema, Buffer.from(bytes).toString()),
    encode: (schema, value) => Buffer.from(new JsonEncoder().format(schema, value)),
  },
  ugorji: {
    decode(schema, bytes) {
      const decoder = new MsgpackDecoder();
      decoder.push(bytes);
      return decoder.tryDecode(schema);
    },
    encode(schema, value) {
      const encoder = new MsgpackEncoder();
      encoder.append(schema, value);
      return encoder.take();
    },
  },
};

async function askGo(t: TestContext) {
  const { child, exited } = startGo(t, await codecsBinary(), ["embed"], { holdStdin: true });
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  const ask = async (question: object): Promise<string> => {
    child.stdin!.write(`${JSON.stringify(question)}\n`);
    return JSON.parse((await lines.next()).value as string) as string;
  };
  const end = async () => {
    child.stdin!.end();
    assert.equal((await exited).code, 0);
  };
  return { ask, end };
}

/** A value as Go's `%+v` prints it. */
function print(schema: s.AnySchema, value: unknown): string {
  const {
    kind,
    schema: inner,
    fields,
    elem,
  } = schema as s.StructSchema<object> & {
    schema: s.AnySchema;
    elem: s.AnySchema;
  };
  if (kind === ("embedded" as string)) return print(inner, value);
  if (kind === ("optional" as string))
    return value === undefined ? "<nil>" : `&${print(elem, value)}`;
  if (kind !== "struct") return String(value);
  const parts = Object.entries(fields).map(
    ([key, of]) => `${key}:${print(of, (value as Record<string, unknown>)[key])}`,
  );
  return `{${parts.join(" ")}}`;
}

for (const [format, { decode, encode }] of Object.entries(FORMATS)) {
  goTest(`[GOB-47] we read each struct into each type as Go does: ${format}`, async (t) => {
    const go = await askGo(t);
    for (const value of SENT) {
      const hex = await go.ask({ format, value });
      const bytes = Buffer.from(hex, "hex");
      for (const type of NAMES) {
        const wanted = await go.ask({ format, type, hex });
        const title = `${value} into ${type}`;
        if (wanted.startsWith("error: ")) {
          assert.throws(() => decode(TYPES[type], bytes), isCodecError, `${title}: ${wanted}`);
          continue;
        }
        const read = decode(TYPES[type], bytes);
        // Go's gob panics behind a nil pointer, and ugorji takes a nil for a pointer to a zero.
        const isOurs =
          type === "Pointer" && (wanted.startsWith("panic: ") || value === "PointerNil");
        if (!isOurs) assert.equal(print(TYPES[type], read), wanted, title);
        // What was read means the same in Go when it is sent again, but for what Go does not send.
        const again = await go.ask({
          format,
          type,
          hex: Buffer.from(encode(TYPES[type], read)).toString("hex"),
        });
        if (type !== "Unexported" && !isOurs)
          assert.equal(again, afterAmbiguity(format, type, wanted), title);
      }
    }
    await go.end();
  });
}

/** Without names of their own, two fields of one name are one in msgpack, and none in JSON. gob sends both. */
const afterAmbiguity = (format: string, type: Type, text: string): string => {
  if (type === "Ambiguous" && format === "json") return text.replace(/ID:\d+/g, "ID:0");
  if (type === "Shadowing" && format !== "gob") return text.replace("{ID:1", "{ID:0");
  return text;
};

goTest("[GOB-47] what Go wrote is written again in the same bytes", async (t) => {
  const go = await askGo(t);
  const values = ["Plain", "PlainZero", "Pointer", "PointerNil", "Twice", "Ambiguous", "Shadowing"];
  for (const format of ["json", "ugorji"]) {
    const { decode, encode } = FORMATS[format] as Format;
    for (const value of values) {
      const hex = await go.ask({ format, value });
      const schema = TYPES[value.replace(/Zero|Nil/, "") as Type];
      const bytes = encode(schema, decode(schema, Buffer.from(hex, "hex")));
      const text = Buffer.from(bytes).toString("hex");
      assert.equal(text, hex, `${format} ${value}`);
    }
  }
  await go.end();
});

goTest("[GOB-47] generated code reads the same", async (t) => {
  const go = await askGo(t);
  const bytes = Buffer.from(await go.ask({ format: "gob", value: "Flat" }), "hex");
  const { Plain, Twice } = TYPES;
  for (let i = 0; i < HOT_CALLS + 2; i++) {
    assert.deepEqual(decode(Plain, bytes), { Base: { ID: 1, Tag: "t" }, Name: "" });
    assert.deepEqual(decode(Twice, bytes), { Deep: { Base: { ID: 1, Tag: "t" }, X: 0 }, Name: "" });
  }
  await go.end();
});
