/** One record of hclog, read and written. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { formatRecord, parseRecord } from "../../../lib/observe/hclog.js";

test("[PLUGIN-8] TestClient_logger: an hclog line becomes a record with unchanged fields", () => {
  const line =
    '{"@level":"info","@message":"greeting","@module":"a.b","@timestamp":"2026-11-21T07:10:06.658245Z","n":1234567,"nested":{"a":1},"err":"boom \\u003cx\\u003e"}';
  assert.deepEqual(parseRecord(line), {
    level: "info",
    message: "greeting",
    fields: {
      "@module": "a.b",
      timestamp: "2026-11-21T07:10:06.658245Z",
      n: 1234567,
      nested: { a: 1 },
      err: "boom <x>",
    },
  });
});

test("[PLUGIN-8] a record is written as hclog does, with six fractional digits", () => {
  const now = new Date(Date.UTC(2026, 10, 21, 7, 10, 6, 658));
  const fields = { n: 3, error: new Error("boom"), big: 2n ** 60n };
  assert.equal(
    formatRecord({ level: "warn", message: "hi", fields }, now, "a.b"),
    '{"@level":"warn","@message":"hi","@module":"a.b","@timestamp":"2026-11-21T07:10:06.658000Z",' +
      '"n":3,"error":"boom","big":"1152921504606846976"}',
  );
});

test("[PLUGIN-8] fields that JSON cannot hold are replaced by a warning", () => {
  const circular: Record<string, unknown> = {};
  circular.self = circular;
  const line = formatRecord({ level: "info", message: "hi", fields: circular }, new Date(0));
  assert.deepEqual(JSON.parse(line), {
    "@level": "info",
    "@message": "hi",
    "@timestamp": "1970-01-01T00:00:00.000000Z",
    "@warn": "logging contained values that don't serialize to json",
  });
});
