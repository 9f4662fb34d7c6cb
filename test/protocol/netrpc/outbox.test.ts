/** When calls leave: those of one turn of the event loop together, but early if they are many bytes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ByteConn, ConnHandler } from "../../../protocol/bytes/conn.js";
import { gobClientCodec, RpcClient, RpcServer, service } from "../../../protocol/netrpc/index.js";
import { bytes, int, string, struct } from "../../../protocol/schema/index.js";
import { takeRequest } from "./helpers.js";

/** A connection that records what is done with it, and can be full. */
class Recorder implements ByteConn {
  readonly done: string[] = [];
  /** The memory of each chunk, and how to say that it is free again. */
  readonly written: {
    readonly memory: ArrayBufferLike;
    readonly onSent: (() => void) | undefined;
  }[] = [];
  isFull = false;
  sink!: ConnHandler;
  start(sink: ConnHandler): void {
    this.sink = sink;
  }
  write(chunk: Uint8Array, onSent?: () => void): boolean {
    this.done.push(`write ${chunk.length}`);
    this.written.push({ memory: chunk.buffer, onSent });
    return !this.isFull;
  }
  flush(): void {
    this.done.push("flush");
  }
  pause(): void {
    this.done.push("pause");
  }
  resume(): void {
    this.done.push("resume");
  }
  end(): void {
    this.done.push("end");
  }
  destroy(): void {}
}

const echo = { args: string(), reply: string() };
const nextTick = () => new Promise<void>((resolve) => process.nextTick(resolve));

test("calls of one turn leave in one write at its end", async () => {
  const conn = new Recorder();
  const rpc = new RpcClient(conn);
  for (let i = 0; i < 5; i++) rpc.call("Plugin.Echo", echo, "hello").catch(() => {});
  assert.deepEqual(conn.done, []);
  await nextTick();
  assert.equal(conn.done.length, 1);
  assert.match(conn.done[0]!, /^write /);
});

test("a large message leaves before the end of the turn: the peer begins while we go on", async () => {
  const conn = new Recorder();
  const rpc = new RpcClient(conn);
  rpc.call("Plugin.Echo", echo, "x".repeat(2000)).catch(() => {});
  assert.match(conn.done.join(), /^write 2\d\d\d,flush$/);
  rpc.call("Plugin.Echo", echo, "small").catch(() => {});
  await nextTick();
  assert.equal(conn.done.length, 3);
});

test("the memory of a large message is used again when it has been sent, and not before", () => {
  const conn = new Recorder();
  const rpc = new RpcClient(conn);
  const send = () => {
    rpc.call("P.Len", { args: bytes(), reply: int() }, Buffer.alloc(100_000)).catch(() => {});
    return conn.written.at(-1)!;
  };
  const first = send();
  const second = send();
  assert.ok(second.memory !== first.memory);
  first.onSent!();
  assert.ok(send().memory === first.memory);
  assert.ok(send().memory !== second.memory);
});

test("calls made before close are still sent", async () => {
  const conn = new Recorder();
  const rpc = new RpcClient(conn);
  const call = rpc.call("Plugin.Echo", echo, "last");
  await Promise.all([rpc.close(), assert.rejects(call, { code: "shutdown" })]);
  assert.match(conn.done.join(), /^write \d+,end$/);
});

test("an argument that does not fit leaves the turn's other calls alone", async () => {
  const far = new RpcServer();
  far.register("P", service({ Len: { args: bytes(), reply: int() } }, { Len: (b) => b.length }));
  const conn = new Recorder();
  const rpc = new RpcClient(conn);
  const pair = struct("Pair", { A: int(), B: string() });
  const good = { args: pair, reply: int() };
  rpc.call("P.Sum", good, { A: 1, B: "x" }).catch(() => {});
  await assert.rejects(
    rpc.call("P.Bad", { args: struct("Other", { C: int() }) }, { C: "no" } as never),
  );
  rpc.call("P.Sum", good, { A: 2, B: "y" }).catch(() => {});
  await nextTick();
  const codec = gobClientCodec();
  const wanted = [1, 2].map((A, i) => {
    const header = { ServiceMethod: "P.Sum", Seq: i };
    return takeRequest(codec, header, pair, { A, B: A === 1 ? "x" : "y" }, undefined).length;
  });
  const written = conn.done.map((text) => Number(text.split(" ")[1])).reduce((a, b) => a + b);
  assert.equal(written, wanted[0]! + wanted[1]!);
});

test("a server pauses while its answers are not taken, and goes on after the drain", async () => {
  const conn = new Recorder();
  conn.isFull = true;
  const server = new RpcServer();
  server.register("Plugin", service({ Echo: echo }, { Echo: (text) => text }));
  void server.serveConn(conn);
  const request = takeRequest(
    gobClientCodec(),
    { ServiceMethod: "Plugin.Echo", Seq: 0 },
    string(),
    "x",
    undefined,
  );
  conn.sink.onData(request);
  await nextTick();
  assert.match(conn.done.join(), /^write \d+,pause$/);
  conn.sink.onDrain?.();
  assert.equal(conn.done.at(-1), "resume");
  conn.sink.onEnd();
});
