/** A plugin's stderr as log records. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { LogRecord } from "../../../lib/observe/hclog.js";
import { LogReader } from "../../../lib/observe/log-reader.js";

/** The records of a stream that comes in `chunks`. */
function read(chunks: readonly string[], bufferBytes = 65_536): LogRecord[] {
  const records: LogRecord[] = [];
  const reader = new LogReader((record) => records.push(record), bufferBytes);
  for (const chunk of chunks) reader.push(Buffer.from(chunk));
  reader.end();
  return records;
}
const raw = (level: LogRecord["level"], message: string): LogRecord => ({
  level,
  message,
  fields: {},
});

const plainLines: [line: string, level: LogRecord["level"]][] = [
  ["[TRACE] x", "trace"],
  ["[DEBUG] x", "debug"],
  ["[INFO] x", "info"],
  ["[WARN] test line 98765", "warn"],
  ["[ERROR] x", "error"],
  ["[ERR] x", "debug"],
  [" [WARN] x", "debug"],
  ["2026/11/21 07:10:06 [WARN] x", "debug"],
  ['["HELLO"]', "debug"],
  ["12345", "debug"],
  ['{"a":1}', "debug"],
  ['{"@level":"fatal","@message":"x"}', "debug"],
  ['{"@level":3,"@message":"x"}', "debug"],
  ['{"@level":"info","@message":{}}', "debug"],
  ['{"@level":"info","@timestamp":5}', "debug"],
  ['{"@level":"info"', "debug"],
  ["null", "debug"],
  ["", "debug"],
];
for (const [line, level] of plainLines) {
  test(`[PLUGIN-8] the line ${JSON.stringify(line)} is text at ${level}`, () => {
    assert.deepEqual(read([`${line}\n`]), [raw(level, line)]);
  });
}

test("[PLUGIN-8] TestServerLogPanic: a Go panic and what follows are errors", () => {
  const lines = [
    "before",
    "panic: oops",
    "",
    "goroutine 1 [running]:",
    "[INFO] tagged",
    "main.main()",
  ];
  assert.deepEqual(
    read([`${lines.join("\n")}\n`]).map(({ level }) => level),
    ["debug", "error", "error", "error", "info", "error"],
  );
  assert.equal(read(["fatal error: all goroutines are asleep\n"])[0]?.level, "error");
});

test("[PLUGIN-8] a line may come in several chunks, its CR is dropped, and the last line needs no newline", () => {
  assert.deepEqual(read(["[IN", "FO] a\r\n[WA", "RN] b\nlast"]), [
    raw("info", "[INFO] a"),
    raw("warn", "[WARN] b"),
    raw("debug", "last"),
  ]);
});

test("[PLUGIN-8] TestClient_logStderrParseJSON: a line longer than the buffer comes in raw pieces", () => {
  const short = '{"@level":"info","@message":"x"}';
  const long = `{"@level":"error","@message":"${"y".repeat(80)}"}`;
  const records = read([`${short}\n${long}\n`], 64);
  assert.equal(records[0]?.level, "info");
  assert.deepEqual(
    records.slice(1).map(({ level }) => level),
    ["debug", "debug"],
  );
  assert.equal(
    records
      .slice(1)
      .map(({ message }) => message)
      .join(""),
    long,
  );
});

test("[PLUGIN-8] an endless line is never kept whole", () => {
  let longest = 0;
  const reader = new LogReader(({ message }) => {
    longest = Math.max(longest, message.length);
  }, 1024);
  for (let i = 0; i < 1000; i++) reader.push(Buffer.alloc(4096, 0x61));
  assert.equal(longest, 1024);
});
