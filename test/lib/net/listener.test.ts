/** Where a plugin listens. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, statSync } from "node:fs";
import { connect, createServer } from "node:net";
import { userInfo } from "node:os";
import { test } from "node:test";
import { groupId } from "../../../lib/net/group-id.js";
import { openListener } from "../../../lib/net/listener.js";
import { scratchDirectory } from "../../helpers/scratch.js";

test("[HANDSHAKE-13] TestRmListener: closing removes the socket's file", async (t) => {
  const directory = scratchDirectory(t);
  const listener = await openListener({ PLUGIN_UNIX_SOCKET_DIR: directory });
  assert.match(listener.address, /\/plugin\d+$/);
  assert.ok(existsSync(listener.address));
  await listener.close();
  assert.equal(existsSync(listener.address), false);
});

const { gid } = userInfo();
for (const group of [String(gid), ...(gid === 0 ? ["root"] : [])]) {
  test(`TestUnixSocketGroupPermissions: group ${group} may connect`, async (t) => {
    const listener = await openListener({
      PLUGIN_UNIX_SOCKET_DIR: scratchDirectory(t),
      PLUGIN_UNIX_SOCKET_GROUP: group,
    });
    t.after(() => listener.close());
    const file = statSync(listener.address);
    assert.equal(file.gid, gid);
    assert.equal(file.mode & 0o777, 0o660);
  });
}

test("an unknown group is an error and leaves no socket behind", async (t) => {
  const directory = scratchDirectory(t);
  const env = { PLUGIN_UNIX_SOCKET_DIR: directory, PLUGIN_UNIX_SOCKET_GROUP: "no-such-group" };
  await assert.rejects(openListener(env), {
    code: "listen-failed",
    message: /failed to find gid from "no-such-group"/,
  });
  assert.deepEqual(readdirSync(directory), []);
  assert.throws(() => groupId("no-such-group"), { code: "bad-config" });
});

test("[HANDSHAKE-13] a TCP listener takes the first free port of the range", async (t) => {
  // One of the fifty ports above the taken one is almost certainly free.
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
  t.after(() => taken.close());
  const { port } = taken.address() as { port: number };
  const env = {
    PLUGIN_MIN_PORT: String(port),
    PLUGIN_MAX_PORT: String(Math.min(port + 50, 65535)),
  };
  const listener = await openListener(env, "tcp");
  t.after(() => listener.close());
  assert.equal(listener.network, "tcp");
  const own = Number(listener.address.replace("127.0.0.1:", ""));
  assert.ok(own > port && own <= port + 50, listener.address);
  const socket = connect(own, "127.0.0.1");
  await new Promise((resolve) => socket.once("connect", resolve));
  socket.destroy();
});

test("[HANDSHAKE-13] without a range the system chooses the port", async (t) => {
  const listener = await openListener({}, "tcp");
  t.after(() => listener.close());
  assert.match(listener.address, /^127\.0\.0\.1:[1-9]\d+$/);
});

const badRanges: [min: string, max: string, text: RegExp][] = [
  ["5", "0", /PLUGIN_MIN_PORT value of 5 is greater than PLUGIN_MAX_PORT value of 0/],
  ["x", "0", /couldn't get value from PLUGIN_MIN_PORT/],
  ["1", "99999", /couldn't get value from PLUGIN_MAX_PORT/],
];
for (const [min, max, message] of badRanges) {
  test(`[HANDSHAKE-13] the port range ${min} to ${max} is refused with Go's text`, async () => {
    const env = { PLUGIN_MIN_PORT: min, PLUGIN_MAX_PORT: max };
    await assert.rejects(openListener(env, "tcp"), { code: "listen-failed", message });
  });
}

test("[HANDSHAKE-13] a range without a free port is refused with Go's text", async (t) => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
  t.after(() => taken.close());
  const port = String((taken.address() as { port: number }).port);
  const env = { PLUGIN_MIN_PORT: port, PLUGIN_MAX_PORT: port };
  await assert.rejects(openListener(env, "tcp"), { message: /couldn't bind plugin TCP listener/ });
});
