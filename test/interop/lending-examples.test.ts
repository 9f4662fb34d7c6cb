/** The examples that lend, with TypeScript and Go on either side: what they print, and what happens when something fails. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { text as readAll } from "node:stream/consumers";
import { finished } from "node:stream/promises";
import { type TestContext, test } from "node:test";
import { isMuxError, isPluginError, type PluginImplementation } from "goplug";
import { type adder, counter, handshake } from "../../examples/callbacks/contract.js";
import { text } from "../../examples/streams/contract.js";
import { uploads } from "../../examples/uploads/contract.js";
import { ROOT } from "../../scripts/files.js";
import { builtExamples } from "../helpers/built-examples.js";
import { exampleBinary, goTest, runGo } from "../helpers/go.js";
import { newHost } from "../helpers/hosts/new-host.js";
import { scratchDirectory } from "../helpers/scratch.js";

const { folder, program } = builtExamples(process.execPath);

interface Promised {
  readonly args: readonly string[];
  readonly output: string;
}

/** The commands in the first console block that run our programs, with the output that the README shows. */
function promised(readme: string): Promised[] {
  const [, block = ""] = /```console\n(.*?)```/s.exec(readme) ?? [];
  return block
    .split(/^\$ /m)
    .filter((command) => command.startsWith("node "))
    .map((command) => {
      const [line = "", ...output] = command.split("\n");
      const args = line.replaceAll("dist/examples", folder).split(" ").slice(1);
      return { args, output: output.join("\n") };
    });
}

for (const example of ["callbacks", "greeter", "kv", "streams", "uploads"]) {
  test(`the README of the example ${example} shows what its programs print`, async (t) => {
    const readme = readFileSync(join(ROOT, "examples", example, "README.md"), "utf8");
    const commands = promised(readme);
    assert.notEqual(commands.length, 0);
    const cwd = scratchDirectory(t);
    for (const { args, output } of commands) {
      const { code, stdout, stderr } = await runGo(t, process.execPath, args, { cwd });
      assert.equal(code, 0, stderr);
      assert.equal(stdout && `${stdout}\n`, output);
    }
  });
}

for (const example of ["callbacks", "streams", "uploads"] as const) {
  const [{ output }] = promised(
    readFileSync(join(ROOT, "examples", example, "README.md"), "utf8"),
  ) as [Promised];

  goTest(`[BROKER-11] the example ${example} prints the same with Go on any side`, async (t) => {
    const host = [process.execPath, program(example, "host.js")];
    const goHost = [await exampleBinary(`${example}-host`)];
    const plugin = program(example, "plugin");
    const goPlugin = await exampleBinary(`${example}-plugin`);
    for (const [[command, ...args], started] of [
      [host, goPlugin],
      [goHost, plugin],
      [goHost, goPlugin],
    ] as [[string, ...string[]], string][]) {
      const { code, stdout, stderr } = await runGo(t, command, [...args, started]);
      assert.equal(code, 0, stderr);
      assert.equal(`${stdout}\n`, output, `${command} ${started}`);
    }
  });
}

type Plugin = "callbacks" | "streams" | "uploads";

/** Registers a test with the TypeScript plugin of an example, and one with the Go plugin. */
function eachPlugin(
  example: Plugin,
  name: string,
  run: (t: TestContext, command: readonly string[]) => Promise<void>,
): void {
  test(`[BROKER-11] ${name} (TypeScript plugin)`, (t) => run(t, [program(example, "plugin")]));
  goTest(`[BROKER-11] ${name} (Go plugin)`, async (t) =>
    run(t, [await exampleBinary(`${example}-plugin`)]),
  );
}

async function streams(t: TestContext, command: readonly string[]) {
  const client = newHost(t, { handshake, plugins: { text }, command });
  return { client, plugin: await client.dispense("text") };
}

async function counting(t: TestContext, command: readonly string[]) {
  const client = newHost(t, { handshake, plugins: { counter }, command });
  return client.dispense("counter");
}

const closed = (stream: Readable) => new Promise<void>((resolve) => stream.once("close", resolve));

eachPlugin("callbacks", "what the host's method throws is the call's error", async (t, command) => {
  const plugin = await counting(t, command);
  const failing: PluginImplementation<typeof adder.methods> = {
    Sum: () => {
      throw new Error("cannot add today");
    },
  };
  await assert.rejects(plugin.Put({ Key: "k", Value: 1, adder: failing }), {
    name: "ServerError",
    message: "cannot add today",
  });
  assert.equal(await plugin.Get("k"), 0);
});

eachPlugin("callbacks", "500 loans at once, each to its own lender", async (t, command) => {
  const plugin = await counting(t, command);
  const asked = new Set<number>();
  const put = (i: number) =>
    plugin.Put({
      Key: `key ${i}`,
      Value: i,
      adder: {
        Sum: async ({ A, B }) => {
          asked.add(i);
          return A + B;
        },
      },
    });
  await Promise.all(Array.from({ length: 500 }, (_, i) => put(i)));
  assert.equal(asked.size, 500);
  assert.equal(await plugin.Get("key 499"), 499);
});

async function uploading(t: TestContext, command: readonly string[]) {
  const client = newHost(t, { handshake, plugins: { uploads }, command });
  return client.dispense("uploads");
}

eachPlugin("uploads", "a megabyte goes through a reader that is asked", async (t, command) => {
  const plugin = await uploading(t, command);
  const file = Readable.from(lines(1 << 14), { objectMode: false });
  const replacement = new PassThrough();
  const replaced = readAll(replacement);
  assert.equal(await plugin.FileWillBeUploaded({ Name: "a.txt", file, replacement }), "");
  assert.equal(
    await replaced,
    Buffer.concat([...lines(1 << 14)])
      .toString()
      .toUpperCase(),
  );
});

eachPlugin("uploads", "50 refused and 50 failed calls close every source", async (t, command) => {
  const plugin = await uploading(t, command);
  const upload = async (Name: string, content: Buffer[]) => {
    const file = Readable.from(content);
    const stopped = closed(file);
    const replacement = new PassThrough();
    const replaced = readAll(replacement).catch(() => "cut");
    const call = { Name, file, replacement };
    const answer = await plugin.FileWillBeUploaded(call).catch((error: Error) => error.message);
    await Promise.all([stopped, replaced]);
    return answer;
  };
  const many = Array.from({ length: 50 }, (_, i) => i);
  const refused = await Promise.all(many.map((i) => upload(`${i}.exe`, [Buffer.alloc(100_000)])));
  assert.deepEqual(new Set(refused), new Set(["programs are not allowed"]));
  const failed = await Promise.all(many.map((i) => upload(`${i}.txt`, [])));
  assert.deepEqual(new Set(failed), new Set(["the file is empty"]));
});

/** Lines of 64 bytes in lower case. */
function* lines(count: number) {
  for (let i = 0; i < count; i++) yield Buffer.from(`${String(i).padEnd(63, "x")}\n`);
}

eachPlugin("streams", "1 MiB goes to the plugin and comes back", async (t, command) => {
  const { plugin } = await streams(t, command);
  const want = Buffer.concat([...lines(1 << 14)]).toString();
  const sink = new PassThrough();
  const [upper] = await Promise.all([
    readAll(sink),
    plugin.Upper({ source: lines(1 << 14), sink }),
  ]);
  assert.equal(upper, want.toUpperCase());

  const log = await plugin.Log();
  const numbered = readAll(await plugin.Lines());
  Readable.from(lines(1 << 14), { objectMode: false }).pipe(log);
  const got = (await numbered).replace(/^\d+ /gm, "");
  assert.equal(got, want);
});

eachPlugin(
  "streams",
  "a plugin that hangs up early closes a source without end",
  async (t, command) => {
    const { plugin } = await streams(t, command);
    const source = new Readable({
      read() {
        this.push(Buffer.from("line\n".repeat(10_000)));
      },
    });
    const stopped = closed(source);
    assert.equal(await plugin.First(source), "line");
    await stopped;
  },
);

eachPlugin("streams", "a host that hangs up early ends what it borrowed", async (t, command) => {
  const { plugin } = await streams(t, command);
  const log = await plugin.Log();
  const numbered = await plugin.Lines();
  log.write("one\n");
  for await (const chunk of numbered) {
    assert.equal(String(chunk), "1 one\n");
    break;
  }
  // The plugin's lines have no reader any more. It hangs up too, at the latest when more log arrives.
  const ended = assert.rejects(finished(log), isMuxError);
  const writeOn = () => {
    if (!log.destroyed) log.write("more\n", () => setImmediate(writeOn));
  };
  writeOn();
  await ended;
});

eachPlugin(
  "streams",
  "a source that fails fails the call, and the sink ends",
  async (t, command) => {
    const { plugin } = await streams(t, command);
    async function* failing() {
      yield Buffer.from("first\n");
      throw new Error("disk on fire");
    }
    const sink = new PassThrough();
    const ended = finished(sink.resume()).catch(() => {});
    await assert.rejects(plugin.Upper({ source: failing(), sink }), {
      name: "ServerError",
      message: /connection reset/,
    });
    await ended;
  },
);

eachPlugin(
  "streams",
  "a sink that fails fails the call, and the source is closed",
  async (t, command) => {
    const { plugin } = await streams(t, command);
    const source = Readable.from(lines(1 << 16), { objectMode: false });
    const stopped = closed(source);
    const sink = new PassThrough();
    sink.destroy(new Error("disk full"));
    await assert.rejects(plugin.Upper({ source, sink }), { name: "ServerError" });
    await stopped;
    assert.equal(source.readableEnded, false);
  },
);

eachPlugin(
  "streams",
  "everything that waits fails when the plugin is killed with streams open",
  async (t, command) => {
    const { client, plugin } = await streams(t, command);
    const source = new Readable({ read() {} });
    const sink = new PassThrough();
    const stopped = closed(source);
    const calling = plugin.Upper({ source, sink });
    source.push("one line\n");
    await once(sink, "data");
    const log = await plugin.Log();
    const numbered = await plugin.Lines();
    log.write("one\n");
    await once(numbered, "data");
    // A borrowed stream without listeners. Its error must not end the process.
    const unheard = await (await client.dispense("text")).Lines();

    const died = { name: "PluginError", code: "ended", signal: "SIGKILL" };
    const failures = Promise.all([
      assert.rejects(calling, died),
      assert.rejects(finished(sink), died),
      assert.rejects(finished(log), died),
      assert.rejects(finished(numbered), died),
      closed(unheard),
      stopped,
    ]);
    process.kill(Number(client.id), "SIGKILL");
    await failures;
    assert.equal(isPluginError(unheard.errored), true);
    assert.equal((await client.exited).signal, "SIGKILL");
  },
);
