/** What a plugin prints on its way to a host: back-pressure, loss at the bound, and hosts that come and go. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { Readable, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { test } from "node:test";
import { isPluginError, type Logger } from "goplug";
import { memoryPair } from "../../../lib/net/memory-pair.js";
import { outputStream } from "../../../lib/plugin/output-stream.js";
import { SyncOutput } from "../../../lib/plugin/sync-output.js";
import { Session } from "../../../mux/session.js";
import type { Stream } from "../../../mux/stream.js";
import { clock } from "../../helpers/clock.js";
import { recorder } from "../../helpers/recorder.js";

/** What a host takes before it reads. As much waits in the plugin's own stream before {@link SyncOutput} keeps it. */
const WINDOW = 256 * 1024;
const KIB = Buffer.alloc(1024, "x");

/** The two ends of a sync stream. The host reads nothing until `start`. */
async function attached(output: SyncOutput): Promise<{ host: Stream; session: Session }> {
  const [near, far] = memoryPair();
  const session = Session.client(near, { maxStreamWindowBytes: WINDOW });
  const plugin = Session.server(far);
  const host = await session.open();
  output.attach(await plugin.accept());
  return { host, session };
}

/** Reads `host` from now on. */
function read(host: Stream): { text: () => string; until: (byteLength: number) => Promise<void> } {
  let text = "";
  let look = () => {};
  host.start({
    onData: (chunk) => {
      text += Buffer.from(chunk).toString("latin1");
      look();
    },
    onEnd: () => {},
  });
  const until = (byteLength: number) =>
    new Promise<void>((resolve) => {
      look = () => {
        if (text.length >= byteLength) resolve();
      };
      look();
    });
  return { text: () => text, until };
}

function printing(maxWaitingBytes?: number, logger?: Logger) {
  const output = new SyncOutput({ name: "stdout", maxWaitingBytes, logger });
  return { output, stream: outputStream(output) };
}

const written = (stream: Writable, chunk: string | Uint8Array) =>
  new Promise<Error | undefined>((resolve) => {
    stream.write(chunk, (error) => resolve(error ?? undefined));
  });

test("[PLUGIN-11] write returns false while output waits, and drain comes when it has left", async () => {
  const { output, stream } = printing();
  const { host } = await attached(output);
  const events: string[] = [];
  stream.on("drain", () => events.push("drain"));
  let sent = 0;
  // First the host's window fills, then the plugin's own stream, then what is in front of it.
  while (!stream.writableNeedDrain) {
    while (stream.write(KIB, () => events.push("callback"))) sent += 1024;
    sent += 1024;
    await new Promise(setImmediate);
  }
  assert.ok(sent > 2 * WINDOW && sent < 4 * WINDOW, `${sent}`);
  assert.ok(stream.writableLength >= stream.writableHighWaterMark);
  assert.ok(stream.writableLength < 2 * stream.writableHighWaterMark);
  await new Promise(setImmediate);
  const callbacks = events.filter((event) => event === "callback");
  assert.equal(callbacks.length, WINDOW / 1024);
  events.length = 0;
  const got = read(host);
  await once(stream, "drain");
  await got.until(sent);
  await written(stream, "");
  assert.equal(events.filter((event) => event === "drain").length, 1);
  assert.equal(events.length, 1 + (sent - WINDOW) / 1024);
  assert.deepEqual([stream.writableLength, stream.writableNeedDrain], [0, false]);
});

test("[PLUGIN-11] output waits for the first host, and its callbacks with it", async () => {
  const { output, stream } = printing();
  let isCalled = false;
  const callback = written(stream, "early").then((error) => {
    isCalled = true;
    return error;
  });
  assert.equal(stream.writableLength, 5);
  await new Promise(setImmediate);
  assert.equal(isCalled, false);
  const { host } = await attached(output);
  const got = read(host);
  await got.until(5);
  assert.equal(got.text(), "early");
  assert.equal(await callback, undefined);
});

test("[PLUGIN-11] beyond the bound whole writes are lost, their callbacks get an error, the log tells how much", async () => {
  const { logger, records, record } = recorder();
  const { output, stream } = printing(100 * 1024, logger);
  const { host } = await attached(output);
  const results: Promise<[string, Error | undefined]>[] = [];
  for (let at = 0; at < 1000; at++) {
    const line = `${String(at).padStart(4, "0")}${"x".repeat(1019)}\n`;
    results.push(written(stream, line).then((error) => [line, error]));
  }
  const begun = await record("the host does not read what the plugin prints, output is lost");
  assert.equal(begun.level, "warn");
  assert.deepEqual(begun.fields, { stream: "stdout", waitingBytes: 100 * 1024 });
  const got = read(host);
  const all = await Promise.all(results);
  const kept = all.filter(([, error]) => error === undefined).map(([line]) => line);
  const lost = all.filter(([, error]) => error !== undefined);
  await got.until(kept.length * 1024);
  assert.equal(got.text(), kept.join(""));
  assert.ok(lost.length > 0);
  assert.ok(lost.every(([, error]) => isPluginError(error) && error.code === "output-lost"));
  const over = await record("the host reads again what the plugin prints, output was lost");
  assert.deepEqual(over.fields, { stream: "stdout", bytes: lost.length * 1024 });
  assert.equal(records.length, 2);
  assert.equal(await written(stream, "after"), undefined);
  await got.until(kept.length * 1024 + 5);
});

test("[PLUGIN-11] a reader that heeds back-pressure loses nothing, however low the bound", async () => {
  const { logger, records } = recorder();
  const { output, stream } = printing(1, logger);
  const { host } = await attached(output);
  const got = read(host);
  await pipeline(Readable.from(Array.from({ length: 4096 }, () => KIB)), stream);
  await got.until(4 << 20);
  assert.equal(got.text().length, 4 << 20);
  assert.deepEqual(records, []);
});

test("[PLUGIN-11] the host that came last gets the output; when it goes, the one before it", async () => {
  const { output, stream } = printing();
  const first = await attached(output);
  const second = await attached(output);
  const [one, two] = [read(first.host), read(second.host)];
  assert.equal(await written(stream, "for the second"), undefined);
  await second.session.close();
  assert.equal(await written(stream, "for the first"), undefined);
  await first.session.close();
  stream.write("for the third");
  const third = read((await attached(output)).host);
  await third.until(13);
  assert.deepEqual(
    [one.text(), two.text(), third.text()],
    ["for the first", "for the second", "for the third"],
  );
});

test("[PLUGIN-11] what a host had not read when it went is lost, and its callbacks say so", async () => {
  const { output, stream } = printing();
  const { session } = await attached(output);
  const results = Array.from({ length: 512 }, () => written(stream, KIB));
  await new Promise(setImmediate);
  await session.close();
  const errors = (await Promise.all(results.slice(0, 300))).filter(Boolean);
  assert.ok(errors.length > 0);
  assert.ok(errors.every((error) => isPluginError(error) && error.code === "output-lost"));
  // What no stream had yet waits for the next host.
  const next = read((await attached(output)).host);
  await next.until(stream.writableLength);
});

test("[PLUGIN-11] at the end of the plugin nobody is left waiting, and the log tells what is lost", async () => {
  const { logger, record } = recorder();
  const { output, stream } = printing(undefined, logger);
  const pending = written(stream, Buffer.alloc(100_000));
  assert.equal(stream.writableNeedDrain, true);
  const drained = once(stream, "drain");
  output.close();
  assert.equal(isPluginError(await pending), true);
  await drained;
  const { fields } = await record(
    "the host had not read all that the plugin printed, output is lost",
  );
  assert.deepEqual(fields, { stream: "stdout", bytes: 100_000 });
  assert.equal(isPluginError(await written(stream, "too late")), true);
});

test("[PLUGIN-14] settle waits for a host as long as it takes something, and no longer", async (t) => {
  const time = clock(t);
  const { output, stream } = printing();
  await output.settle();
  const { host } = await attached(output);
  stream.write(Buffer.alloc(4 * WINDOW));
  let isSettled = false;
  const settling = output.settle().then(() => {
    isSettled = true;
  });
  let waitedMs = 0;
  for (; !isSettled; waitedMs += 500) {
    await new Promise(setImmediate);
    await time.pass(500);
  }
  // The host's window took something in the first half second, and nothing in the second.
  assert.equal(waitedMs, 1000);
  await settling;
  const got = read(host);
  await output.settle();
  await got.until(4 * WINDOW);
});

test("bad chunks and encodings are refused as Node refuses them, and text is written as it is encoded", async () => {
  const { output, stream } = printing();
  const { host } = await attached(output);
  const got = read(host);
  assert.throws(() => stream.write(null), { code: "ERR_STREAM_NULL_VALUES" });
  assert.throws(() => stream.write(7), { code: "ERR_INVALID_ARG_TYPE" });
  assert.throws(() => stream.write("x", "klingon" as BufferEncoding), {
    code: "ERR_UNKNOWN_ENCODING",
  });
  stream.write("6869", "hex");
  stream.write("é", "latin1");
  const reused = Buffer.from("mine");
  stream.write(reused);
  reused.fill("?");
  stream.end(".");
  await once(stream, "finish");
  await got.until(8);
  assert.equal(got.text(), "hi\xe9mine.");
});

for (const bad of [0, -1, Number.NaN]) {
  test(`maxWaitingOutputBytes ${bad} is refused`, () => {
    assert.throws(() => printing(bad), { code: "bad-config", message: /maxWaitingOutputBytes/ });
  });
}
