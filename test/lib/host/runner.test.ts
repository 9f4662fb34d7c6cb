import assert from "node:assert/strict";
import { existsSync, readdirSync, statSync } from "node:fs";
import { userInfo } from "node:os";
import { dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import { Client, type ClientConfig, isPluginError, type Runner, type RunnerFunc } from "goplug";
import { ProcessRunner } from "../../../lib/host/process-runner.js";
import { handshake, life } from "../../fixtures/contracts/life.js";
import { scratchDirectory } from "../../helpers/scratch.js";
import { tsPlugin } from "../../helpers/ts-plugin.js";
import { within } from "../../helpers/within.js";

/** Runners of users, which may fail or hang as anything of a user's; and directories for sockets. */

const source = "test/fixtures/plugins/life.ts";
const plugins = { life };

function host(t: TestContext, config: Partial<ClientConfig>): Client<typeof plugins> {
  const client = new Client({ handshake, plugins, ...config } as never) as Client<typeof plugins>;
  t.after(() => client.kill());
  return client;
}

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
  const slow = host(t, { runner, startTimeoutMs: 50, unixSocket: { tempDir } });
  await assert.rejects(within(5_000, "start", slow.start()), {
    code: "start-timeout",
    path: "stuck",
    message: "timeout while waiting for plugin to start (50 ms)",
  });
  const aborted = host(t, { runner, unixSocket: { tempDir } });
  const controller = new AbortController();
  onStart = () => controller.abort(new Error("changed my mind"));
  const { signal } = controller;
  await assert.rejects(within(5_000, "start", aborted.start({ signal })), { code: "aborted" });
  const killed = host(t, { runner, unixSocket: { tempDir } });
  const underWay = new Promise<void>((resolve) => {
    onStart = resolve;
  });
  const starting = assert.rejects(killed.start(), { code: "aborted" });
  await underWay;
  await within(5_000, "kill", killed.kill());
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
    const client = host(t, { runner });
    await assert.rejects(client.start(), {
      code: "spawn-failed",
      message: /^plugin: the runner failed \((runner|refusing)\): no room$/,
      cause,
    });
  }
});

test("a runner that cannot tell what is wrong does not hide that something is", async (t) => {
  class Silent extends ProcessRunner {
    override diagnose = () => Promise.reject(new Error("no idea"));
  }
  const command = ["/bin/echo", "hello"];
  const client = host(t, { runner: ({ env }) => new Silent({ command, env }) });
  await assert.rejects(client.start(), {
    code: "unrecognized",
    message: /^Unrecognized remote plugin message: hello\n/,
  });
});

test("a runner translates the address that its plugin announces", async (t) => {
  const command = ["/bin/sh", "-c", 'echo "1|1|tcp|inside:7|netrpc|"; exec sleep 60'];
  class Translating extends ProcessRunner {
    pluginToHost = async (address: object) => ({ ...address, address: "127.0.0.1:1" }) as never;
  }
  const runner: RunnerFunc = ({ env }): Runner => new Translating({ command, env });
  const client = host(t, { runner, killGraceMs: 0 });
  assert.deepEqual(await client.start(), { network: "tcp", address: "127.0.0.1:1" });
  await assert.rejects(client.ping(), { code: "connect-failed", message: /tcp 127\.0\.0\.1:1: / });
});

test("a plugin that is no process of ours is reattached to through a runner", async (t) => {
  const first = host(t, { command: [await tsPlugin(source), "--stay"] });
  const plugin = await first.dispense("life");
  const { pid, ...reattach } = first.reattachConfig!;
  let kills = 0;
  const runner = () => ({
    id: `container-${pid}`,
    exited: first.exited,
    handles: [],
    kill: () => {
      kills++;
    },
  });
  const second = host(t, { reattach: { ...reattach, runner } });
  assert.equal(await (await second.dispense("life")).Pid(), await plugin.Pid());
  assert.equal(second.id, `container-${pid}`);
  await second.kill();
  assert.equal(kills, 0);
  assert.deepEqual(await second.exited, { exitCode: 0, signal: undefined });
});

test("[PLUGIN-7] with unixSocket.tempDir a plugin leaves no socket, whatever it printed before its end", async (t) => {
  const tempDir = scratchDirectory(t);
  // Opens a socket where it is told to, and says something else.
  const script = `require("node:net").createServer().listen(process.env.PLUGIN_UNIX_SOCKET_DIR + "/s", () => console.log("1|1|un"))`;
  const command = [process.execPath, "-e", script];
  const client = host(t, { command, unixSocket: { tempDir } });
  await assert.rejects(client.start(), (error: unknown) => {
    assert.ok(isPluginError(error));
    assert.deepEqual([error.code, error.line], ["unrecognized", "1|1|un"]);
    return true;
  });
  assert.deepEqual(readdirSync(tempDir), []);
});

test("unixSocket holds for a command too: a directory of its own, and a group", async (t) => {
  const tempDir = scratchDirectory(t);
  const { gid } = userInfo();
  const command = [await tsPlugin(source)];
  const client = host(t, { command, unixSocket: { tempDir, group: String(gid) } });
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
  const client = host(t, { command: ["x"], unixSocket: { tempDir: "/no/such/directory" } });
  await assert.rejects(client.start(), {
    code: "bad-config",
    message: /^plugin: cannot make a directory for sockets: .*ENOENT/,
  });
});
