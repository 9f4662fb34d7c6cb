/** Times as Go has them: text, numbers, sums. Go is asked about each. */
import assert from "node:assert/strict";
import { createInterface } from "node:readline";
import type { TestContext } from "node:test";
import { JsonEncoder } from "../../protocol/json/stream.js";
import { Time } from "../../protocol/schema/time.js";
import { decodeTime, encodeTime, time } from "../../protocol/schema/time-schema.js";
import { codecsBinary, goTest, startGo } from "../helpers/go.js";
import { Random } from "../helpers/random.js";

interface Answer {
  readonly hex: string;
  readonly text: string;
  readonly json: string;
  readonly unixMilli: number;
  readonly isZero: boolean;
  readonly add: string;
  readonly error: string;
}

const NANOS_PER_DAY = 86_400_000_000_000n;

type Question =
  | { readonly text: string }
  | { readonly unix: string; readonly nanos: number; readonly offset: number | null };

/** Asks Go about a time, which is given by its parts or its text. */
async function askGo(t: TestContext) {
  const { child, exited } = startGo(t, await codecsBinary(), ["times"], {
    holdStdin: true,
    env: { TZ: "UTC" },
  });
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  const ask = async (question: Question): Promise<Answer> => {
    child.stdin!.write(`${JSON.stringify(question)}\n`);
    return JSON.parse((await lines.next()).value as string) as Answer;
  };
  const end = async () => {
    child.stdin!.end();
    assert.equal((await exited).code, 0);
  };
  return { ask, end };
}

const partsOf = ({ unixSeconds, nanoseconds, offsetSeconds }: Time): Question => ({
  unix: String(unixSeconds),
  nanos: nanoseconds,
  offset: offsetSeconds ?? null,
});

const OFFSETS: readonly (number | undefined)[] = [
  ...[undefined, 0, 1, -1, 30, -30, 59, -59, 60, -120, 90, 3600, -3600, 3599, 19_800, -12_600],
  ...[20_700, 45_900, -43_200, 50_400, 86_340, -86_340, 86_400, -86_400, 90_000, 360_000, -360_000],
];
/** The start of the year; JavaScript's own `Date.UTC` takes 0 to 99 for 1900 to 1999. */
const yearStart = (year: number): bigint => BigInt(new Date(0).setUTCFullYear(year, 0, 1) / 1000);
const SECONDS: readonly bigint[] = [
  ...[0, 1, 4, 99, 100, 400, 1600, 1900, 1969, 1970, 2000, 2024, 9999].map(yearStart),
  ...[10_000, 99_999, 200_000, -1, -4, -100, -401, -9999, -10_000, -100_000].map(yearStart),
  ...[0n, -1n, 59n, 951_782_400n, 951_868_800n, 1_709_164_800n, 1_709_251_199n, 2n ** 40n],
  2n ** 50n,
  -(2n ** 50n),
  Time.zero.unixSeconds,
  Time.zero.unixSeconds - 1n,
];
const NANOS: readonly number[] = [0, 1, 10, 100_000_000, 120_000_000, 999_999_999, 1_000, 999_000];

function* cases(): Iterable<Time> {
  for (const unixSeconds of SECONDS) {
    for (const offsetSeconds of OFFSETS) yield new Time({ unixSeconds, offsetSeconds });
    for (const nanoseconds of NANOS) yield new Time({ unixSeconds, nanoseconds });
  }
  const random = new Random(19);
  for (let i = 0; i < 500; i++) {
    const offsetSeconds = random.below(2) === 0 ? undefined : 60 * (random.below(1600) - 800);
    yield new Time({
      unixSeconds: BigInt(random.below(2 ** 31)) * BigInt(random.below(4000) - 2000),
      nanoseconds: random.below(1_000_000_000),
      offsetSeconds: offsetSeconds === -60 ? 0 : offsetSeconds,
    });
  }
}

/** The text of a value, or of the error that Go has in its place, without the error's layer. */
function textOr(make: () => string): string {
  try {
    return make();
  } catch (error) {
    return (error as Error).message.replace(/^.*?(?=Time\.Marshal)|( \(.*\))$/g, "");
  }
}

goTest("[GOB-34] [GOB-45] a time has Go's text, bytes, numbers and sums", async (t) => {
  const go = await askGo(t);
  let count = 0;
  for (const of of cases()) {
    const answer = await go.ask(partsOf(of));
    const ours = {
      text: String(of),
      hex: textOr(() => Buffer.from(encodeTime(of)).toString("hex")),
      json: textOr(() => new JsonEncoder().format(time(), of)),
      unixMilli: of.unixMilli,
      isZero: of.isZero,
      add: String(of.add(NANOS_PER_DAY + 1n)),
      error: "",
    };
    const wanted = { ...answer, json: answer.json.replace(/^json: .*?(?=Time\.)/, "") };
    assert.deepEqual(ours, wanted, JSON.stringify(partsOf(of)));
    if (ours.hex.length < 40) {
      assert.deepEqual(decodeTime(Buffer.from(ours.hex, "hex")), of);
    }
    count++;
  }
  assert.ok(count > 1000);
  await go.end();
});

/** No RFC 3339, though Go's `time.Parse` takes them. Its UnmarshalJSON does not. */
const STRICTER: ReadonlySet<string> = new Set([
  "2024-02-29T12:30:15+24:00",
  "2024-02-29T12:30:15+05:60",
]);

goTest("[GOB-45] a text means the time that Go reads in it, or no time at all", async (t) => {
  const go = await askGo(t);
  const texts = [
    "2024-02-29T12:30:15Z",
    "2024-02-29T12:30:15+00:00",
    "2024-02-29T12:30:15-00:00",
    "2024-02-29T12:30:15.123456789+05:30",
    "2024-02-29T12:30:15,5-08:00",
    "2024-02-29T12:30:15.1234567899Z",
    "2024-02-29T12:30:15.000000000Z",
    "0000-01-01T00:00:00Z",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999999999Z",
    "2024-02-29T12:30:15+23:59",
    ...["2024-02-29T12:30:15+24:00", "2024-02-29T12:30:15+05:60", "2023-02-29T12:30:15Z"],
    ...["2024-13-01T00:00:00Z", "2024-00-01T00:00:00Z", "2024-01-00T00:00:00Z"],
    ...["2024-01-01T24:00:00Z", "2024-01-01T00:60:00Z", "2024-01-01T00:00:60Z"],
    ...["2024-04-31T00:00:00Z", "2024-01-01T00:00:00", "2024-01-01 00:00:00Z", "2024-01-01"],
    ...["10000-01-01T00:00:00Z", "-001-01-01T00:00:00Z", "24-01-01T00:00:00Z"],
    ...["2024-01-01T00:00:00z", "2024-01-01t00:00:00Z", "2024-01-01T00:00:00.Z"],
    ...["2024-01-01T00:00:00+0100", "2024-01-01T00:00:00 Z", " 2024-01-01T00:00:00Z", "now"],
  ];
  for (const text of texts) {
    const answer = await go.ask({ text });
    if (answer.error !== "" || STRICTER.has(text)) {
      assert.throws(() => Time.parse(text), { name: "CodecError", code: "bad-value" }, text);
      continue;
    }
    const parsed = Time.parse(text);
    assert.equal(String(parsed), answer.text);
    assert.ok(parsed.equal(decodeTime(Buffer.from(answer.hex, "hex"))), text);
  }
  await go.end();
});
