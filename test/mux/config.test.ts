/** The settings of a session and their bounds, and what a MuxError is. */
import assert from "node:assert/strict";
import test from "node:test";
import { yamuxError } from "../../mux/errors.js";
import {
  DEFAULT_CONFIG,
  fromDuplex,
  isMuxError,
  MuxError,
  Session,
  type SessionConfig,
  verifyConfig,
} from "../../mux/index.js";
import { duplexPair } from "../helpers/duplex-pair.js";
import { muxError } from "./helpers.js";

test("[YAMUX-50] the defaults are yamux's, the window is larger", () => {
  assert.deepEqual(verifyConfig(), {
    acceptBacklog: 256,
    enableKeepAlive: true,
    keepAliveIntervalMs: 30_000,
    connectionWriteTimeoutMs: 10_000,
    maxStreamWindowBytes: 1_048_576,
    streamOpenTimeoutMs: 75_000,
    streamCloseTimeoutMs: 300_000,
    logger: undefined,
  });
});

test("[YAMUX-50] an undefined field is the default", () => {
  const given = { acceptBacklog: undefined, enableKeepAlive: false } as unknown as SessionConfig;
  assert.deepEqual(verifyConfig(given), { ...DEFAULT_CONFIG, enableKeepAlive: false });
});

const REFUSED: [field: keyof SessionConfig, value: number, text: string][] = [
  ["acceptBacklog", 0, "backlog must be positive (acceptBacklog 0)"],
  ["acceptBacklog", -1, "backlog must be positive"],
  ["acceptBacklog", 1.5, "backlog must be positive"],
  ["keepAliveIntervalMs", 0, "keep-alive interval must be positive"],
  ["keepAliveIntervalMs", Number.NaN, "keep-alive interval must be positive"],
  ["keepAliveIntervalMs", 2 ** 31, "timeout must be from 0 to 2147483647"],
  ["maxStreamWindowBytes", 262143, "MaxStreamWindowSize must be larger than 262144"],
  ["maxStreamWindowBytes", Number.NaN, "MaxStreamWindowSize must be larger than 262144"],
  ["maxStreamWindowBytes", 262144.5, "MaxStreamWindowSize must be a whole number below 2^32"],
  ["maxStreamWindowBytes", 2 ** 32, "MaxStreamWindowSize must be a whole number below 2^32"],
  ["connectionWriteTimeoutMs", 0, "timeout must be positive (connectionWriteTimeoutMs 0)"],
  ["connectionWriteTimeoutMs", 2 ** 31, "timeout must be from 0 to 2147483647"],
  ["streamOpenTimeoutMs", -1, "timeout must be from 0 to 2147483647 (streamOpenTimeoutMs -1)"],
  ["streamCloseTimeoutMs", Number.NaN, "timeout must be from 0 to 2147483647"],
];

for (const [field, value, text] of REFUSED) {
  test(`[YAMUX-50] ${field} ${value} is refused`, () => {
    assert.throws(() => verifyConfig({ [field]: value }), muxError("bad-config", text));
  });
}

test("[YAMUX-50] the bounds themselves are allowed", () => {
  verifyConfig({ acceptBacklog: 1, maxStreamWindowBytes: 262144, keepAliveIntervalMs: 1 });
  verifyConfig({
    maxStreamWindowBytes: 2 ** 32 - 1,
    streamOpenTimeoutMs: 0,
    streamCloseTimeoutMs: 0,
  });
});

test("[YAMUX-50] a session with bad settings is not made", () => {
  const [end] = duplexPair();
  assert.throws(
    () => Session.client(fromDuplex(end), { acceptBacklog: 0 }),
    muxError("bad-config", "yamux: backlog must be positive"),
  );
});

test("[YAMUX-52] a MuxError has a code, facts, and a name; other copies of it are known too", () => {
  const cause = new Error("below");
  const error = yamuxError("connection-reset", "stream 5", { streamId: 5, remote: true, cause });
  assert.equal(error.message, "yamux: connection reset (stream 5)");
  assert.equal(error.name, "MuxError");
  assert.equal(error.streamId, 5);
  assert.equal(error.remote, true);
  assert.equal(error.cause, cause);
  assert.ok(error instanceof MuxError);
  assert.ok(isMuxError(error));
  assert.ok(isMuxError({ [Symbol.for("goplug.MuxError")]: true }));
  for (const other of [new Error("x"), null, undefined, "text"]) assert.ok(!isMuxError(other));
});

test("[YAMUX-52] the messages contain Go's texts", () => {
  const texts = {
    "invalid-version": "invalid protocol version",
    "invalid-msg-type": "invalid msg type",
    "session-shutdown": "session shutdown",
    "streams-exhausted": "streams exhausted",
    "duplicate-stream": "duplicate stream initiated",
    "recv-window-exceeded": "recv window exceeded",
    timeout: "i/o deadline reached",
    "stream-closed": "stream closed",
    "unexpected-flag": "unexpected flag",
    "remote-go-away": "remote end is not accepting connections",
    "connection-reset": "connection reset",
    "connection-write-timeout": "connection write timeout",
    "keep-alive-timeout": "keepalive timeout",
    "remote-protocol-error": "yamux protocol error",
    "remote-internal-error": "remote yamux internal error",
    "unexpected-go-away": "unexpected go away received",
  } as const;
  for (const [code, text] of Object.entries(texts) as [keyof typeof texts, string][]) {
    const error = yamuxError(code);
    assert.equal(error.message, `yamux: ${text}`);
    assert.equal(error.code, code);
    assert.equal(error.remote, false);
    assert.equal("cause" in error, false);
  }
});
