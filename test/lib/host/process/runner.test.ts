/** Runners of the user, which may fail or hang; and directories for sockets. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, statSync } from "node:fs";
import { userInfo } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { isPluginError, type Runner, type RunnerFunc, type RunnerSpec } from "goplug";
import { ProcessRunner } from "../../../../lib/host/process/process-runner.js";
import { Deferred } from "../../../../protocol/async/deferred.js";
import { lifeClient, lifeProgram, saying } from "../../../helpers/hosts/life-client.js";
import { scratchDirectory } from "../../../helpers/scratch.js";

/** A runner that gets no further than `start`; counts how often it was ended. */
class Stuck extends ProcessRunner {
  kills = 0;
  onStart = () => {};
  override start(): Promise<void> {
    this.onStart();
    return new Promise(() => {});
  }
  override kill(): void {
    this.kills++;
  }
}

test("[HANDSHAKE-13] a custom runner starts the plugin, with a socket directory of its own", async (t) => {
  const tempDir = scratchDirectory(t);
  const command = [await lifeProgram()];
  let spec: RunnerSpec | undefined;
  const client = lifeClient(t, {
    unixSocket: { tempDir },
    runner: (given: RunnerSpec): Runner => {
      spec = given;
      assert.equal(statSync(given.socketDir).mode & 0o777, 0o700);
      return new ProcessRunner({ command, env: given.env });
    },
  });
  const { address } = await client.start();
  assert.ok(spec?.socketDir.startsWith(join(tempDir, "plugin-dir")));
  assert.ok(address.startsWith(spec?.socketDir ?? "?"));
  assert.equal(spec?.env.PLUGIN_UNIX_SOCKET_DIR, spec?.socketDir);
  assert.equal(client.reattachConfig?.pid, undefined);
  await client.kill();
  assert.equal(existsSync(spec?.socketDir ?? "/"), false);
});

test("a runner that never starts is start-timeout, and its start can be aborted", async (t) => {
  const runners: Stuck[] = [];
  let onStart = () => {};
  const runner: RunnerFunc = ({ env }) => {
    const made = new Stuck({ command: ["stuck"], env });
    made.onStart = () => onStart();
    runners.push(made);
    return made;
  };
  const tempDir = scratchDirectory(t);
  const slow = lifeClient(t, { runner, startTimeoutMs: 50, unixSocket: { tempDir } });
  await assert.rejects(slow.start(), {
    code: "start-timeout",
    path: "stuck",
    message: "timeout while waiting for plugin to start (50 ms)",
  });
  const aborted = lifeClient(t, { runner, unixSocket: { tempDir } });
  const controller = new AbortController();
  onStart = () => controller.abort(new Error("changed my mind"));
  const { signal } = controller;
  await assert.rejects(aborted.start({ signal }), { code: "aborted" });
  const killed = lifeClient(t, { runner, unixSocket: { tempDir } });
  const underWay = new Deferred();
  onStart = underWay.resolve;
  const starting = assert.rejects(killed.start(), { code: "aborted" });
  await underWay.promise;
  await killed.kill();
  await starting;
  assert.deepEqual(
    runners.map(({ kills }) => kills > 0),
    [true, true, true],
  );
  assert.deepEqual(readdirSync(tempDir), []);
});

test("a runner that cannot be made or started is spawn-failed, with its error as cause", async (t) => {
  const cause = new Error("no room");
  class Refusing extends ProcessRunner {
    override start = () => Promise.reject(cause);
  }
  const runners: RunnerFunc[] = [
    () => {
      throw cause;
    },
    () => Promise.reject(cause),
    ({ env }) => new Refusing({ command: ["refusing"], env }),
  ];
  for (const runner of runners) {
    const client = lifeClient(t, { runner });
    await assert.rejects(client.start(), {
      code: "spawn-failed",
      message: /^plugin: the runner failed \((runner|refusing)\): no room$/,
      cause,
    });
  }
});

test("[HANDSHAKE-3] a runner whose diagnosis fails does not hide the error about the line", async (t) => {
  class Silent extends ProcessRunner {
    override diagnose = () => Promise.reject(new Error("no idea"));
  }
  const command = ["/bin/echo", "hello"];
  const client = lifeClient(t, { runner: ({ env }) => new Silent({ command, env }) });
  await assert.rejects(client.start(), {
    code: "unrecognized",
    message: /^Unrecognized remote plugin message: hello\n/,
  });
});

test("a runner translates the address that its plugin announces", async (t) => {
  const command = saying("1|1|tcp|inside:7|netrpc|");
  class Translating extends ProcessRunner {
    pluginToHost = async (address: object) => ({ ...address, address: "127.0.0.1:1" }) as never;
  }
  const runner: RunnerFunc = ({ env }): Runner => new Translating({ command, env });
  const client = lifeClient(t, { runner, killGraceMs: 0 });
  assert.deepEqual(await client.start(), { network: "tcp", address: "127.0.0.1:1" });
  await assert.rejects(client.ping(), { code: "connect-failed", message: /tcp 127\.0\.0\.1:1: / });
});

test("[PLUGIN-7] with unixSocket.tempDir a plugin leaves no socket, whatever it printed before its end", async (t) => {
  const tempDir = scratchDirectory(t);
  // Opens a socket in the given directory, and prints something that is not a handshake.
  const script = `require("node:net").createServer().listen(process.env.PLUGIN_UNIX_SOCKET_DIR + "/s", () => console.log("1|1|un"))`;
  const command = [process.execPath, "-e", script];
  const client = lifeClient(t, { command, unixSocket: { tempDir } });
  await assert.rejects(client.start(), (error: unknown) => {
    assert.ok(isPluginError(error));
    assert.deepEqual([error.code, error.line], ["unrecognized", "1|1|un"]);
    return true;
  });
  assert.deepEqual(readdirSync(tempDir), []);
});

test("[HANDSHAKE-8] [HANDSHAKE-13] unixSocket holds for a command too: a directory, and a group", async (t) => {
  const tempDir = scratchDirectory(t);
  const { gid } = userInfo();
  const command = [await lifeProgram()];
  const client = lifeClient(t, { command, unixSocket: { tempDir, group: String(gid) } });
  const { address } = await client.start();
  const directory = dirname(address);
  assert.ok(directory.startsWith(join(tempDir, "plugin-dir")), directory);
  const facts = (path: string) => {
    const { mode, gid: group } = statSync(path);
    return [mode & 0o777, group];
  };
  assert.deepEqual(
    [facts(directory), facts(address)],
    [
      [0o770, gid],
      [0o660, gid],
    ],
  );
  await client.kill();
  assert.equal(existsSync(directory), false);
  assert.deepEqual(await client.exited, { exitCode: 0, signal: undefined });
});

test("a directory for sockets that cannot be made is bad-config", async (t) => {
  const client = lifeClient(t, { command: ["x"], unixSocket: { tempDir: "/no/such/directory" } });
  await assert.rejects(client.start(), {
    code: "bad-config",
    message: /^plugin: cannot make a directory for sockets: .*ENOENT/,
  });
});
