/** The payloads of the gob benchmarks. The twin of `test/go/peers/internal/bench/payloads.go`. */

import { gob } from "goplug";
import { pattern, record, SAMPLE } from "./bench-contract.js";

const long = gob.int64({ as: "number" });
const { string, bool, float64, slice, any } = gob;

const post = gob.struct("Post", {
  ID: string(),
  UserID: string(),
  ChannelID: string(),
  RootID: string(),
  OriginalID: string(),
  CreateAt: long,
  UpdateAt: long,
  EditAt: long,
  DeleteAt: long,
  Message: string(),
  Type: string(),
  Hashtags: string(),
  PendingID: string(),
  IsPinned: bool(),
  HasReactions: bool(),
  IsFollowing: bool(),
  IsEmpty: bool(),
  Props: gob.map(string(), any()),
  FileIDs: slice(string()),
  Participants: slice(string()),
  ReplyCount: long,
  LastReplyAt: long,
  Priority: long,
  Ratio: float64(),
  Score: float64(),
  Locale: string(),
  Client: string(),
  RemoteID: string(),
  Summary: string(),
  Flags: gob.uint32(),
});

const POST = {
  ID: "8xk3p7q1t9bzfjw5m2c6y4hr0a",
  UserID: "q1t9bzfjw5m2c6y4hr0a8xk3p7",
  ChannelID: "bzfjw5m2c6y4hr0a8xk3p7q1t9",
  RootID: "",
  OriginalID: "",
  CreateAt: 1683356889123,
  UpdateAt: 1683356890456,
  EditAt: 0,
  DeleteAt: 0,
  Message: "The quick brown fox jumps over the lazy dog, twice.",
  Type: "",
  Hashtags: "#fox #dog",
  PendingID: "w5m2c6y4hr0a8xk3p7q1t9bzfj",
  IsPinned: false,
  HasReactions: true,
  IsFollowing: true,
  IsEmpty: false,
  Props: {
    from_webhook: "true",
    override_username: "fox",
    count: 3,
    ratio: 0.5,
    disabled: false,
  },
  FileIDs: ["y4hr0a8xk3p7q1t9bzfjw5m2c6", "m2c6y4hr0a8xk3p7q1t9bzfjw5"],
  Participants: ["fox", "dog"],
  ReplyCount: 2,
  LastReplyAt: 1683356899999,
  Priority: 0,
  Ratio: 0.75,
  Score: 12.5,
  Locale: "en",
  Client: "web",
  RemoteID: "",
  Summary: "",
  Flags: 2 ** 16,
};

const RECORDS = Array.from({ length: 1000 }, (_, i) => ({
  ...SAMPLE,
  ID: SAMPLE.ID + i,
  Name: `record ${i}`,
}));
const WORDS = Array.from({ length: 100 }, (_, i) => [`key-${i}`, `value number ${i}`] as const);
const FLOATS = Array.from({ length: 10_000 }, (_, i) => i * 1.1);
const NUMBERS = Array.from({ length: 10_000 }, (_, i) => (i % 9 === 0 ? i * 2 ** 36 : i % 200));
const BYTES = pattern(1 << 20);

/** The value for a codec without schemas: maps are plain objects. */
export const PLAIN: Readonly<Record<string, unknown>> = {
  a: SAMPLE,
  b: RECORDS,
  c: Object.fromEntries(WORDS),
  d: POST,
  e: BYTES,
  f: FLOATS,
  g: NUMBERS,
};

interface Payload {
  readonly schema: gob.AnySchema;
  readonly in: unknown;
  readonly out: unknown;
}

const same = (schema: gob.AnySchema, value: unknown): Payload => ({
  schema,
  in: value,
  out: value,
});

const props = new Map<string, unknown>(Object.entries(POST.Props));
const typed = new Map(props)
  .set("count", gob.value(gob.int(), 3))
  .set("ratio", gob.value(float64(), 0.5));

/** The value for gob. */
export const PAYLOADS: Readonly<Record<string, Payload>> = {
  a: same(record, SAMPLE),
  b: same(slice(record), RECORDS),
  c: same(gob.map(string(), string()), new Map(WORDS)),
  d: { schema: post, in: { ...POST, Props: typed }, out: { ...POST, Props: props } },
  e: same(gob.bytes(), BYTES),
  f: same(slice(float64()), FLOATS),
  g: same(slice(long), NUMBERS),
};
