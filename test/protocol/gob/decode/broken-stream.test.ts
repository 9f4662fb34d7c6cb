/** Which errors end a stream for good. Go's decoder is asked about the same bytes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { isCodecError } from "../../../../protocol/errors.js";
import { Encoder, inspect } from "../../../../protocol/gob/index.js";
import * as s from "../../../../protocol/schema/index.js";
import { goTest } from "../../../helpers/go.js";
import { goFacts } from "../go-facts.js";
import { decoderOf, hex, unhex } from "../helpers.js";

const Point = s.struct("Point", { X: s.int(), Y: s.int() });
const Swapped = s.struct("Point", { Y: s.int(), X: s.int() });
const RECEIVERS: Readonly<Record<string, s.AnySchema>> = {
  int: s.int(),
  string: s.string(),
  Point,
};

const encode = (...values: readonly (readonly [s.AnySchema, unknown])[]): string => {
  const encoder = new Encoder();
  return values.map(([schema, value]) => hex(encoder.encode(schema, value as never))).join("");
};
const POINT = encode([Point, { X: 1, Y: 2 }]);
/** The definition of Point, and a value of it. */
const DEFINITION = POINT.slice(0, 2 * (1 + Number.parseInt(POINT.slice(0, 2), 16)));
const VALUE = POINT.slice(DEFINITION.length);
const SEVEN = encode([s.int(), 7]);

interface Stream {
  readonly name: string;
  readonly bytes: string;
  /** What is read, value by value. */
  readonly types: readonly string[];
  /** Whether nothing can be read after the error here. Go goes on, with whatever it finds. */
  readonly isFinal?: true;
  /** Our text, where it is not Go's. */
  readonly text?: RegExp;
}

const STREAMS: readonly Stream[] = [
  {
    name: "a type that is defined twice",
    bytes: POINT + POINT + SEVEN,
    types: ["Point", "Point", "Point", "int"],
    isFinal: true,
  },
  {
    name: "an id that is defined for another type",
    bytes: POINT + encode([Swapped, { X: 1, Y: 2 }]) + SEVEN,
    types: ["Point", "Point", "Point", "int"],
    isFinal: true,
  },
  {
    name: "a definition of a basic type",
    bytes: DEFINITION.replace("7f", "0b") + SEVEN,
    types: ["Point", "int"],
    isFinal: true,
  },
  {
    name: "a type that is not defined",
    bytes: `04ff8a0002${SEVEN}`,
    types: ["int", "int"],
    text: /undefined type/,
  },
  {
    name: "a value of another type",
    bytes: encode([s.string(), "x"]) + SEVEN,
    types: ["int", "int", "int"],
  },
  {
    name: "a value of another struct",
    bytes: encode([s.struct("P", { Z: s.int() }), { Z: 1 }]) + SEVEN,
    types: ["Point", "int"],
  },
  {
    name: "a byte that is not 0 in front of a value",
    bytes: `03040106${SEVEN}`,
    types: ["int", "int"],
  },
  {
    name: "a value that is cut short in its message",
    bytes: `020400${SEVEN}`,
    types: ["int", "int", "int"],
    text: /cut short/,
  },
  { name: "an empty message", bytes: `00${SEVEN}`, types: ["int", "int"], text: /cut short/ },
  {
    name: "a field number that is too large",
    bytes: `${DEFINITION}04ff800500${SEVEN}`,
    types: ["Point", "int"],
    text: /out of bounds/,
  },
  {
    name: "bytes behind a definition",
    bytes: `1f${DEFINITION.slice(2)}00${VALUE}${SEVEN}`,
    types: ["Point", "Point", "int"],
  },
  {
    name: "a message that is too long",
    bytes: `fcffffffff${SEVEN}`,
    types: ["int", "int"],
    isFinal: true,
    text: /maxMessageBytes/,
  },
  { name: "a length that is no number", bytes: `80${SEVEN}`, types: ["int", "int"], isFinal: true },
  { name: "a stream that is cut", bytes: SEVEN.slice(0, -2), types: ["int", "int"], isFinal: true },
  {
    name: "a stream that ends after a definition",
    bytes: DEFINITION,
    types: ["Point", "Point"],
    isFinal: true,
  },
  { name: "the end", bytes: SEVEN, types: ["int", "int", "int"] },
];

/** "ok", or the error, for each value. */
function outcomes({ bytes, types, isFinal }: Stream): string[] {
  const decoder = decoderOf(unhex(bytes));
  let first: unknown;
  const texts = types.map((type) => {
    try {
      decoder.tryDecode(RECEIVERS[type]!);
      return "ok";
    } catch (error) {
      assert.ok(isCodecError(error));
      if (decoder.isBroken) first ??= error;
      if (decoder.isBroken) assert.equal(error, first, "the first cause stays");
      return error.message;
    }
  });
  assert.equal(decoder.isBroken, isFinal === true);
  return texts;
}

for (const stream of STREAMS) {
  goTest(`[GOB-9] [GOB-37] what can be read after ${stream.name}`, async (t) => {
    const ours = outcomes(stream);
    const question = { Hex: stream.bytes, Types: stream.types };
    const [go] = (await goFacts<string[]>(t, "decode", [], [question])) as [string[]];
    const failed = ours.findIndex((text) => text !== "ok");
    assert.ok(!go[failed]!.startsWith("ok"), go.join("; "));
    if (stream.text !== undefined) assert.match(ours[failed]!, stream.text);
    else
      assert.ok(
        ours[failed]!.replace(/^gob: (?=EOF|unexpected EOF|extra)/, "")
          .replace(/main\./, "")
          .startsWith(go[failed]!.replace("main.", "")),
        `${ours[failed]}; Go: ${go[failed]}`,
      );
    if (stream.isFinal !== true) {
      assert.deepEqual(
        ours.map((text) => text === "ok"),
        go.map((text) => text.startsWith("ok")),
      );
    }
  });
}

test("[GOB-9] a second definition inside a value ends the stream as well, also where the value is skipped", () => {
  const any = s.slice(s.any());
  const inner = (schema: s.AnySchema, value: unknown) =>
    s.value(s.named("main.P", schema), value as never);
  const one = encodeGo(any, [inner(Point, { X: 1, Y: 2 })]);
  // A second stream, of which only the value is taken: it defines the same id again, behind the interface's name.
  const second = one.slice(2 * (1 + Number.parseInt(one.slice(0, 2), 16)));
  for (const take of ["tryDecode", "tryDecodeAny", "trySkip"] as const) {
    const decoder = decoderOf(unhex(one + second + SEVEN));
    const next = () => (take === "tryDecode" ? decoder.tryDecode(any) : decoder[take]());
    next();
    assert.throws(next, { code: "corrupt", message: /duplicate type received/ });
    assert.equal(decoder.isBroken, true);
    assert.throws(() => decoder.tryDecode(s.int()), { message: /duplicate type received/ });
  }
});

const encodeGo = (schema: s.AnySchema, value: unknown) =>
  hex(new Encoder({ order: "go" }).encode(schema, value as never));

test("[GOB-9] a value that fails, with a second definition in the rest of it: the first error, then the end", () => {
  const Two = s.struct("Two", { A: s.int8(), B: s.slice(s.any()) });
  const Sent = s.struct("Two", { A: s.int(), B: s.slice(s.any()) });
  const typed = s.value(s.named("main.P", Point), { X: 1, Y: 2 });
  const encoder = new Encoder({ order: "go" });
  const first = hex(encoder.encode(Sent, { A: 1, B: [typed] }));
  // The same value from a fresh encoder, without the definitions in front of it.
  const again = hex(new Encoder({ order: "go" }).encode(Sent, { A: 300, B: [typed] }));
  const at = again.indexOf("01fe0258");
  const decoder = decoderOf(unhex(first + again.slice(at - 6) + SEVEN));
  decoder.tryDecode(Two);
  assert.throws(() => decoder.tryDecode(Two), { code: "out-of-range" });
  assert.equal(decoder.isBroken, true);
  assert.throws(() => decoder.tryDecode(s.int()), { message: /duplicate type received/ });
});

test("[GOB-9] a dump ends at a second definition, and goes on where streams were appended", () => {
  const bytes = unhex(POINT + encode([Swapped, { X: 1, Y: 2 }]) + SEVEN);
  assert.match(inspect(bytes), /duplicate type received[^\n]*\n[^\n]*rest of the stream\n$/);
  const appended = inspect(bytes, { appended: true });
  assert.doesNotMatch(appended, /error|rest/);
  assert.match(appended, /int 7\n$/);
});
