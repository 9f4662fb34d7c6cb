/** The Go programs with each other: they must be right before TypeScript is compared with them. */
import assert from "node:assert/strict";
import { goBinary, goTest, runGo, type Step, upstreamBinary } from "../helpers/go.js";
import { scratchDirectory } from "../helpers/scratch.js";

const stepOf = (steps: readonly Step[], name: string) => steps.find(({ step }) => step === name);
const failed = (steps: readonly Step[]) => steps.filter(({ error }) => error !== undefined);

goTest("the Go greeter greets, in a row, at once and reattached", async (t) => {
  const [host, plugin] = [await goBinary("greeter-host"), await goBinary("greeter-plugin")];
  const args = ["-sequential", "10", "-concurrent", "64", "-reattach", "--", plugin];
  const { code, steps, stderr } = await runGo(t, host, args);
  assert.equal(code, 0, stderr);
  assert.deepEqual(failed(steps), []);
  const greetings = steps.filter(({ step }) => step === "greet").map(({ value }) => value);
  assert.deepEqual(greetings, ["Hello!", "Hello!"]);
  assert.deepEqual(stepOf(steps, "sequential")?.value, { "Hello!": 10 });
  assert.deepEqual(stepOf(steps, "concurrent")?.value, { "Hello!": 64 });
});

goTest("the Go greeter greets under AutoMTLS and by version", async (t) => {
  const [host, plugin] = [await goBinary("greeter-host"), await goBinary("greeter-plugin")];
  const args = ["-automtls", "-versions", "2,3", "--", plugin, "-serve-versions", "3,4"];
  const { steps } = await runGo(t, host, args);
  assert.deepEqual(failed(steps), []);
  assert.deepEqual(stepOf(steps, "start")?.value, {
    network: "unix",
    protocol: "netrpc",
    version: 3,
  });
});

goTest("the Go key/value plugin answers every call of its host", async (t) => {
  const { steps } = await runGo(t, await goBinary("kv-host"), ["--", await goBinary("kv-plugin")]);
  assert.deepEqual(failed(steps), [{ step: "get unknown", error: "no such key: nowhere" }]);
  assert.equal(stepOf(steps, "get large")?.value, 1 << 20);
});

goTest("the Go fixture behaves as the tests expect of it", async (t) => {
  const [host, plugin] = [await goBinary("fixture-host"), await goBinary("fixture-plugin")];
  const { steps } = await runGo(t, host, ["-exit", "3", "--", plugin], { mayDie: true });
  const isExpected =
    /^(fail|unknown|no |string for|interface for|uint for|call back (Fail|No)|offered fail|exit|call after)/;
  assert.deepEqual(
    failed(steps).filter(({ step }) => !isExpected.test(step)),
    [],
  );
  assert.equal(stepOf(steps, "concurrent")?.value, 64);
  for (const step of ["lend reader", "lend writer", "borrow reader", "borrow writer"]) {
    assert.deepEqual(stepOf(steps, step)?.value, { bytes: 1 << 20, same: true });
  }
  assert.equal(stepOf(steps, "exit")?.error, "unexpected EOF");
});

goTest("go-plugin's own examples and our Go peers understand each other", async (t) => {
  const greeter = await goBinary("greeter-host");
  const basic = await runGo(t, greeter, ["--", await upstreamBinary("basic-plugin")]);
  assert.equal(stepOf(basic.steps, "greet")?.value, "Hello!");

  const cwd = scratchDirectory(t);
  const kv = await upstreamBinary("grpc-host");
  for (const plugin of [await upstreamBinary("grpc-plugin"), await goBinary("kv-plugin")]) {
    const env = { KV_PLUGIN: plugin, KV_PROTO: "netrpc" };
    assert.equal((await runGo(t, kv, ["put", "a", "b"], { env, cwd })).code, 0);
  }
  const env = { KV_PLUGIN: await upstreamBinary("grpc-plugin"), KV_PROTO: "netrpc" };
  const { stdout } = await runGo(t, kv, ["get", "a"], { env, cwd });
  assert.equal(stdout, "b\n\nWritten from plugin-go-netrpc");
});

goTest("a Go host refuses a bad plugin", async (t) => {
  const [host, bad] = [await goBinary("greeter-host"), await goBinary("bad-plugin")];
  for (const mode of ["garbage", "core-version", "grpc", "exit", "half-line-then-exit"]) {
    const { code, steps } = await runGo(t, host, ["-start-timeout", "5s", "--", bad, mode, "3"]);
    assert.equal(code, 1, mode);
    assert.ok(stepOf(steps, "start")?.error, mode);
  }
});
