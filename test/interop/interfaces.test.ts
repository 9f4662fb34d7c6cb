/** Values in Go interfaces, with Go in both roles. */
import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { definePlugin, gob, type Out } from "goplug";
import * as contracts from "../fixtures/contracts/interfaces.js";
import { byStep, goBinary, goTest, runGo } from "../helpers/go.js";
import { newHost } from "../helpers/hosts/new-host.js";
import { tsPlugin } from "../helpers/ts-plugin.js";

const { handshake, interfaces } = contracts;

async function plugin(t: TestContext) {
  const command = [await goBinary("interface-plugin")];
  return newHost(t, { handshake, plugins: { interfaces }, command }).dispense("interfaces");
}

const at = new gob.Time({ unixSeconds: 5n, nanoseconds: 1 });

goTest("[GOB-51] a host passes registered types to a Go plugin and gets them back", async (t) => {
  const go = await plugin(t);
  const args = {
    Name: "four",
    At: at,
    Options: { a: 1, b: ["x", null], c: gob.value(gob.int8(), 3) },
  };
  assert.deepEqual(await go.Run(args), { Index: 4 });
  assert.deepEqual(await go.MaybeRun(args), { Index: 4 });
  assert.equal(await go.MaybeRun(undefined), undefined);
  assert.equal(
    await go.Describe(gob.value(contracts.runArgs, args)),
    `ifaces.RunArgs {four 1970-01-01 00:00:05.000000001 +0000 UTC map[a:1 b:[x <nil>] c:3]}`,
  );
  const circle = { name: "main.Circle", value: { Radius: 2 } } as const;
  const square = { name: "*main.Square", value: { Side: 3 } } as const;
  assert.equal(await go.Area({ Shape: circle }), 12);
  assert.equal(await go.Area({ Shape: square }), 9);
  assert.deepEqual(await go.Grow({ Shape: circle }), {
    Shape: { name: "*main.Square", value: { Side: 4 } },
  });
});

goTest("[GOB-51] what a Go plugin sends of another type is refused, and calls go on", async (t) => {
  const go = await plugin(t);
  // Echo returns its argument, which is no Step.
  const wrong = definePlugin({ Echo: contracts.interfaces.methods.Run });
  const command = [await goBinary("interface-plugin")];
  const client = newHost(t, { handshake, plugins: { interfaces: wrong }, command });
  const echo = await client.dispense("interfaces");
  const args = { Name: "x", At: at, Options: {} };
  await assert.rejects(echo.Echo(args), {
    code: "bad-reply",
    message: /interface conversion: interface \{\} is step\.RunArgs, not \*ifaces\.Step/,
  });
  assert.deepEqual(await go.Run(args), { Index: 1 });
});

goTest(
  "[GOB-28] dynamic values have the names of Go's types, and is tells them apart",
  async (t) => {
    const go = await plugin(t);
    const kinds: [string, string | undefined, gob.AnySchema][] = [
      ["run", "step.RunArgs", contracts.runArgs],
      ["step", "*ifaces.Step", contracts.step],
      ["circle", "main.Circle", contracts.circle],
      ["celsius", "main.Celsius", contracts.celsius],
      ["moved", "old/pkg.Moved", contracts.moved],
      ["int", "int", gob.int()],
      ["int64", "int64", gob.int64()],
      ["float", "float64", gob.float64()],
      ["texts", "[]string", gob.slice(gob.string())],
      ["list", "[]interface {}", gob.slice(gob.dynamic())],
      ["map", "map[string]interface {}", gob.map(gob.string(), gob.dynamic())],
      ["keys", "map[interface {}]interface {}", gob.map(gob.dynamic(), gob.dynamic())],
      ["pointer", "*interface {}", gob.optional(gob.any())],
      ["duration", "time.Duration", gob.duration()],
      ["time", "time.Time", gob.time()],
    ];
    for (const [kind, name, schema] of kinds) {
      const value = await go.Make(kind);
      assert.equal(value?.name, name);
      for (const [other, , asked] of kinds) {
        assert.equal(gob.is(asked, value), other === kind, `${kind} is ${other}`);
      }
      assert.ok(gob.is(gob.any(), value) && gob.is(gob.optional(schema), value));
      const described = await go.Describe(value);
      assert.equal(described, await go.Describe(await go.Echo(value)), kind);
    }
    assert.equal(await go.Make("nil"), null);
    const texts = await go.Make("texts");
    assert.ok(gob.is(gob.slice(gob.string()), texts));
    assert.equal(texts.value.join(), "a,b");
  },
);

goTest("[GOB-53] plain values become these types in Go, and come back", async (t) => {
  const go = await plugin(t);
  const described: [unknown, string][] = [
    [null, "<nil> <nil>"],
    [undefined, "<nil> <nil>"],
    [true, "bool true"],
    ["x", "string x"],
    [5, "int 5"],
    [5.5, "float64 5.5"],
    [5n, "int64 5"],
    [2n ** 63n, "uint64 9223372036854775808"],
    [new Uint8Array([1, 2]), "[]uint8 [1 2]"],
    [[1, [null]], "[]interface {}: int 1; []interface {}: <nil> <nil>;;"],
    [{ a: 1, b: { c: "x" } }, "map[string]interface {} map[a:1 b:map[c:x]]"],
    [new Map<unknown, unknown>([[1, "one"]]), "map[interface {}]interface {} map[1:one]"],
  ];
  for (const [value, want] of described) {
    assert.equal(await go.Describe(value), want);
    assert.equal(await go.Describe(gob.from(value)), want);
    const back = gob.plain(await go.Echo(gob.from(value)));
    assert.deepEqual(back, value ?? null);
  }
});

goTest("[GOB-53] what any() gave goes back to Go with its type", async (t) => {
  const go = await plugin(t);
  for (const kind of ["run", "step", "circle", "moved", "int", "texts", "list", "map", "keys"]) {
    const given: Out<ReturnType<typeof gob.any>> = await go.EchoAny(await go.Make(kind));
    assert.equal(await go.Describe(given), await go.Describe(await go.Make(kind)), kind);
  }
});

goTest("[GOB-52] pointers to interfaces go to Go and back, nil included", async (t) => {
  const go = await plugin(t);
  const pointers = [null, 5, "x", null];
  assert.deepEqual(await go.Pointers(pointers), pointers);
  await assert.rejects(go.Pointers([undefined]), { message: /nil element.*\*interface \{\}/ });
  const toNil = gob.value(gob.optional(gob.any()), null);
  assert.equal(await go.Describe(toNil), "*interface {} to <nil> <nil>");
  const toFive = gob.value(gob.optional(gob.any()), 5);
  assert.equal(await go.Describe(toFive), "*interface {} to int 5");
});

goTest("[GOB-51] lent contracts carry registered types in both directions", async (t) => {
  const go = await plugin(t);
  const args = { Name: "seven77", At: at, Options: {} };
  const helper = {
    Run: ({ Name }: { Name: string }) => ({ Index: Name.length }),
    MaybeRun: () => undefined,
    Echo: (value: Out<ReturnType<typeof gob.dynamic>>) => value,
    EchoAny: (value: unknown) => value,
    Pointers: () => [],
  };
  const run = gob.value(contracts.runArgs, args);
  assert.equal(await go.Through({ helper, Method: "Run", Args: run }), "*ifaces.Step {7}");
  const echoed = await go.Through({ helper, Method: "EchoAny", Args: { a: 1 } });
  assert.equal(echoed, "map[string]interface {} map[a:1]");
  assert.match(
    await go.Through({ helper, Method: "Echo", Args: run }),
    /^ifaces\.RunArgs \{seven77/,
  );
  await assert.rejects(go.Through({ helper, Method: "Run", Args: 5 }), {
    message: /interface conversion: interface \{\} is int, not step\.RunArgs/,
  });
  await using offered = await go.Offer();
  assert.deepEqual(await offered.Run(args), { Index: 7 });
  const moved = gob.value(gob.named("old/pkg.Moved", contracts.moved), { Tag: "t" });
  assert.deepEqual(await offered.EchoAny(moved), { Tag: "t" });
});

/** What a plugin that drops the Go type of scalars answers otherwise than Go's. */
const DROPS_SCALARS = /^(offered )?echo any (celsius|int64|float|pointer|duration)$/;

goTest(
  "[GOB-51] [GOB-52] a Go host gets of a TypeScript plugin what it gets of Go's",
  async (t) => {
    const host = await goBinary("interface-host");
    const drive = async (path: string) => byStep(await runGo(t, host, ["--", path]));
    const go = await drive(await goBinary("interface-plugin"));
    const ts = await drive(await tsPlugin("test/fixtures/plugins/interfaces.ts"));
    assert.deepEqual([...ts.keys()].sort(), [...go.keys()].sort());
    for (const [step, { value, error }] of go) {
      if (step === "kill" || DROPS_SCALARS.test(step)) continue;
      const ours = ts.get(step);
      assert.deepEqual(ours?.value, value, step);
      if (step === "refused moved")
        assert.match(String(ours?.error), /is pkg\.Moved, not step\.RunArgs/);
      else if (error === undefined) assert.equal(ours?.error, undefined, step);
      else assert.ok(ours?.error?.includes(error), `${step}: ${ours?.error}`);
    }
    assert.ok(go.size > 50);
  },
);
