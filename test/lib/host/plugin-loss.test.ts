/** How errors of a lost connection are explained, and what is waited for. */
import assert from "node:assert/strict";
import { connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { isRpcError, PluginError, RpcError } from "goplug";
import { type PluginEnd, PluginLoss } from "../../../lib/host/plugin-loss.js";
import { yamuxError } from "../../../mux/errors.js";
import { Latch } from "../../../protocol/async/latch.js";
import { clock } from "../../helpers/clock.js";
import { lifeClient, lifeProgram } from "../../helpers/hosts/life-client.js";
import { scratchDirectory } from "../../helpers/scratch.js";

/** A plugin and a session whose ends the test decides. */
function parts() {
  const over = new Latch();
  const closed = new Latch<undefined>();
  const end: PluginEnd = {
    get isOver() {
      return over.isSet;
    },
    get over() {
      return over.promise;
    },
    expectExit() {},
    endedError: (facts, when) => new PluginError("ended", `${when}`, facts),
    connectionLost: (facts) => new PluginError("connection-lost", "lost", facts),
  };
  const session = {
    get isClosed() {
      return closed.isSet;
    },
    get closed() {
      return closed.promise;
    },
  };
  return { over, closed, loss: new PluginLoss(end, session) };
}

const eof = () => new RpcError("unexpected-eof", "netrpc: unexpected EOF");
const interrupted = () =>
  new RpcError("unexpected-eof", "netrpc: unexpected EOF (A.B, seq 1)", { serviceMethod: "A.B" });

test("a stream that ends first is explained by the end of the process that follows", async () => {
  const { over, loss } = parts();
  const cause = interrupted();
  const explained = loss.callsEnded(eof())(cause);
  over.set();
  const error = await explained;
  assert.ok(error instanceof PluginError);
  assert.deepEqual([error.code, error.phase, error.message], ["ended", "call", "during A.B"]);
  assert.equal(error.cause, cause);
});

test("a process that ends later than the connection is waited for, and calls during that time too", async (t) => {
  const { pass } = clock(t);
  const { over, closed, loss } = parts();
  const explain = loss.callsEnded(eof());
  const lingering = loss.linger();
  const early = explain(interrupted());
  // Longer than the end of a connection may take to follow the end of a stream.
  await pass(900);
  over.set();
  await lingering;
  closed.set(undefined);
  for (const error of [await early, explain(interrupted())]) {
    assert.ok(error instanceof PluginError);
    assert.equal(error.code, "ended");
  }
});

test("a process that lives on is not waited for without limit", async (t) => {
  const { pass } = clock(t);
  const { closed, loss } = parts();
  const lingering = loss.linger();
  await pass(1000);
  await lingering;
  closed.set(undefined);
  const error = loss.callsEnded(eof())(interrupted());
  assert.ok(error instanceof PluginError);
  assert.equal(error.code, "connection-lost");
});

test("the end of one stream of a plugin that goes on stays what it is, and only the first caller waits", async (t) => {
  const { pass } = clock(t);
  const { loss } = parts();
  const explain = loss.callsEnded(eof());
  const cause = interrupted();
  const first = explain(cause);
  await pass(200);
  assert.equal(await first, cause);
  assert.equal(explain(cause), cause);
});

test("what the end of the process cannot have caused is not explained by it, and not waited for", async () => {
  const { loss } = parts();
  for (const reason of [
    new RpcError("protocol", "netrpc: not a response"),
    new RpcError("shutdown", "netrpc: connection is shut down (closed here)"),
  ]) {
    assert.equal(loss.callsEnded(reason)(reason), reason);
  }
  for (const code of ["timeout", "aborted", "bad-ack", "duplicate-id"] as const) {
    const error = yamuxError(code);
    assert.equal(await loss.waitFailed(error), error);
  }
  const reset = yamuxError("connection-reset");
  assert.equal(loss.streamFailed(reset), reset);
});

/** Passes connections on to a plugin, until it cuts them. */
async function tunnel(t: TestContext, to: string) {
  const path = join(scratchDirectory(t), "tunnel");
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const onward = connect(to);
    for (const end of [socket, onward]) sockets.add(end.on("error", () => {}));
    socket.pipe(onward).pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  t.after(() => {
    cut();
    server.close();
  });
  return { address: { network: "unix", address: path } as const, cut };
}

test("a connection that is lost while the plugin lives says that", async (t) => {
  const first = lifeClient(t, { command: [await lifeProgram(), "--stay"] });
  await first.ping();
  const { pid, address } = first.reattachConfig!;
  const { address: through, cut } = await tunnel(t, address.address);
  const client = lifeClient(t, { reattach: { address: through, pid: pid! } });
  const plugin = await client.dispense("life");
  // It is sent at the end of this turn.
  const waiting = plugin.Pid();
  cut();
  for (const call of [waiting, plugin.Pid(), client.ping()]) {
    await assert.rejects(call as Promise<unknown>, (error: PluginError) => {
      assert.equal(error.code, "connection-lost");
      assert.match(
        error.message,
        /^plugin: connection lost, and the plugin has not ended: netrpc: /,
      );
      assert.ok(isRpcError(error.cause));
      return true;
    });
  }
  assert.equal(await (await first.dispense("life")).Pid(), pid);
});
