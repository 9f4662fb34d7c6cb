/** A stream as two web streams. */
import assert from "node:assert/strict";
import test, { type TestContext } from "node:test";
import { toWeb } from "../../mux/index.js";
import { join, joinStream, muxError, pattern, read, settle } from "./helpers.js";

async function pair(t: TestContext) {
  const joined = join(t);
  const [a, b] = await joinStream(joined);
  return { ...joined, a, b };
}

async function readAll(readable: ReadableStream<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of readable) chunks.push(chunk);
  return Buffer.concat(chunks);
}

test("[YAMUX-53] web streams end each direction on their own", async (t) => {
  const { a, b } = await pair(t);
  const [left, right] = [toWeb(a), toWeb(b)];
  const writer = left.writable.getWriter();
  const writing = writer.write(pattern(1_500_000));
  const back = readAll(left.readable);
  const [seen] = await Promise.all([readAll(right.readable), writing, writer.close()]);
  assert.ok(seen.equals(pattern(1_500_000)));
  assert.equal(a.state, "LocalClose");
  const answer = right.writable.getWriter();
  await answer.write(Buffer.from("answer"));
  await answer.close();
  assert.equal(String(await back), "answer");
  await a.closed;
});

test("[YAMUX-53] a web reader that does not read holds the peer back", async (t) => {
  const { a, b } = await pair(t);
  const { readable } = toWeb(b);
  const writer = toWeb(a).writable.getWriter();
  let written = 0;
  const pump = (async () => {
    for (; written < 16 << 20; written += 65536) await writer.write(Buffer.alloc(65536));
  })();
  await settle(100);
  assert.ok(written < 2 << 20, `${written} bytes were taken`);
  const reader = readable.getReader();
  for (let left = 16 << 20; left > 0; ) left -= (await reader.read()).value?.length ?? left;
  await pump;
});

test("[YAMUX-53] cancelling or aborting web streams resets the stream", async (t) => {
  const cancelled = await pair(t);
  const left = toWeb(cancelled.a);
  await left.readable.cancel(new Error("enough"));
  muxError("connection-reset")(await read(cancelled.b).end);
  const aborted = await pair(t);
  const other = toWeb(aborted.a);
  await other.writable.abort("no error object");
  muxError("connection-reset")(await read(aborted.b).end);
  await assert.rejects(other.readable.getReader().read(), muxError("stream-closed"));
});

test("[YAMUX-53] the peer's reset fails both web streams, and a write that waits", async (t) => {
  const { a, b } = await pair(t);
  const { readable, writable } = toWeb(a);
  const writer = writable.getWriter();
  writer.closed.catch(() => {});
  const writing = writer.write(Buffer.alloc(8 << 20));
  writing.catch(() => {});
  await settle();
  b.destroy();
  await assert.rejects(readable.getReader().read(), muxError("connection-reset"));
  await assert.rejects(writer.write(Buffer.from("x")), muxError("connection-reset"));
});

test("[YAMUX-53] a web writer learns of a reset that comes after the peer's FIN", async (t) => {
  const { a, b } = await pair(t);
  const { readable, writable } = toWeb(a);
  b.start({ onData: () => {}, onEnd: () => {} });
  b.end();
  assert.equal((await readable.getReader().read()).done, true);
  const writer = writable.getWriter();
  b.destroy();
  await assert.rejects(writer.closed, muxError("stream-closed"));
});
