/**
 * What the compiler would refuse is refused by name and path at once, in programs that have no compiler. The programs here are
 * texts, because they must be plain JavaScript.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { compileFunction } from "node:vm";
import * as goplug from "goplug";
import * as netrpc from "goplug/netrpc";
import * as testing from "goplug/testing";

const HANDSHAKE = 'handshake: { magicCookieKey: "K", magicCookieValue: "V" }';
const GREETER = "definePlugin({ Greet: { args: gob.any(), reply: gob.string() } })";

type Row = readonly [what: string, program: string, message: RegExp];

const CONFIGS: readonly Row[] = [
  ["no configuration", "new Client()", /^plugin: configuration: want an object, got undefined$/],
  [
    "a command that is a text",
    `new Client({ command: "./plugin", ${HANDSHAKE}, plugins: {} })`,
    /^plugin: command: want the program and its arguments as a list of strings \["\.\/plugin"\], got string$/,
  ],
  [
    "an argument that is a number",
    `new Client({ command: ["./plugin", 5], ${HANDSHAKE}, plugins: {} })`,
    /^plugin: command\[1\]: want a string, got number 5$/,
  ],
  [
    "no handshake",
    'new Client({ command: ["./plugin"], plugins: {} })',
    /^plugin: handshake: want an object with the cookie's key and value, got undefined$/,
  ],
  ["no handshake to test", "serveTest({ plugins: {} })", /^plugin: handshake: want an object/],
  [
    "a handshake without a value",
    'new Client({ command: ["./p"], handshake: { magicCookieKey: "K" } })',
    /^plugin: handshake\.magicCookieValue: want a string, got undefined$/,
  ],
  [
    "a cookie key with =",
    'new Client({ command: ["./p"], handshake: { magicCookieKey: "A=B", magicCookieValue: "V" } })',
    /^plugin: handshake\.magicCookieKey: no variable can have the name "A=B"$/,
  ],
  [
    "a cookie value with a zero byte",
    String.raw`new Client({ command: ["./p"], handshake: { magicCookieKey: "K", magicCookieValue: "\0" } })`,
    /^plugin: handshake\.magicCookieValue: no variable can have a zero byte$/,
  ],
  [
    "a version that is a text",
    'new Client({ command: ["./p"], handshake: { magicCookieKey: "K", magicCookieValue: "V", protocolVersion: "1" } })',
    /^plugin: handshake\.protocolVersion: want a whole number, got string$/,
  ],
  [
    "an entry that is no plugin",
    `new Client({ command: ["./p"], ${HANDSHAKE}, plugins: { kv: {} } })`,
    /^plugin: plugins\.kv: want a plugin with a method client, got object$/,
  ],
  [
    "an entry of a version",
    `new Client({ command: ["./p"], ${HANDSHAKE}, versionedPlugins: { 3: { kv: undefined } } })`,
    /^plugin: versionedPlugins\.3\.kv: want a plugin with a method client, got undefined$/,
  ],
  [
    "an entry that is a function",
    `new Client({ command: ["./p"], ${HANDSHAKE}, plugins: { kv: () => ${GREETER} } })`,
    /^plugin: plugins\.kv: want a plugin .*, got function: call it, or pass what definePlugin returns$/,
  ],
  [
    "a list of plugins",
    `new Client({ command: ["./p"], ${HANDSHAKE}, plugins: [${GREETER}] })`,
    /^plugin: plugins: want an object of plugins by name, got array$/,
  ],
  [
    "a version that is a name",
    `new Client({ command: ["./p"], ${HANDSHAKE}, versionedPlugins: { kv: ${GREETER} } })`,
    /^plugin: versionedPlugins\.kv: a version is a whole number$/,
  ],
  [
    "a contract that nobody implemented",
    `serveTest({ ${HANDSHAKE}, plugins: { greeter: ${GREETER} } })`,
    /^plugin: plugins\.greeter: a contract is not served by itself: pass contract\.implement/,
  ],
  [
    "the same in memory",
    `testPluginConn({ greeter: ${GREETER} })`,
    /^plugin: plugins\.greeter: a contract is not served by itself/,
  ],
  [
    "the same on an open connection",
    `pluginConn(new PassThrough(), { plugins: { greeter: ${GREETER} } })`,
    /^plugin: plugins\.greeter: a contract is not served by itself/,
  ],
  [
    "no plugins on an open connection",
    "hostConn(new PassThrough(), {})",
    /^plugin: plugins: want an object of plugins by name, got undefined$/,
  ],
];

const SCHEMAS: readonly (readonly [...Row, path: string])[] = [
  [
    "a field",
    'gob.struct("Job", { Id: gob.int(), Name: gob.string })',
    /^gob: Job\.Name: want a schema, got a function: call it, as in string\(\)$/,
    "Job.Name",
  ],
  ["a field of no value", 'gob.struct("Job", { Next: undefined })', /got undefined/, "Job.Next"],
  ["a field that is a text", 'gob.struct("Job", { A: "int" })', /got string$/, "Job.A"],
  ["a renamed field", 'gob.field("ID", gob.int)', /^gob: field ID: .*int\(\)$/, "field ID"],
  ["a slice", "gob.slice(gob.bool)", /^gob: slice: .*bool\(\)$/, "slice"],
  ["an array", "gob.array(2, gob.bool)", /^gob: array: /, "array"],
  ["the length of an array", "gob.array(gob.bool(), 2)", /^gob: array: .*number 2$/, "array"],
  ["the key of a map", "gob.map(gob.string, gob.int())", /^gob: map: /, "map"],
  ["the value of a map", "gob.map(gob.string(), gob.int)", /^gob: map: /, "map"],
  ["a record", "gob.record(gob.int)", /^gob: record: /, "record"],
  ["a pointer", "gob.optional(gob.time)", /^gob: optional: .*time\(\)$/, "optional"],
  ["a name", 'gob.named("main.A", gob.int)', /^gob: named main\.A: /, "named main.A"],
  ["a value", "gob.value(gob.int32, 5)", /^gob: value: .*int32\(\)$/, "value"],
  ["the wire of a codec", "gob.codec({ wire: gob.int })", /^gob: codec: /, "codec"],
  ["a reader", 'gob.struct("A", { R: lent.reader })', /^gob: A\.R: .*reader\(\)$/, "A.R"],
];

const CONTRACTS: readonly Row[] = [
  ["no methods", "definePlugin()", /^netrpc: want an object of methods, got undefined$/],
  [
    "a method that is a schema's function",
    "definePlugin({ Get: gob.string })",
    /^netrpc: Get: want \{ args, reply \}, got function$/,
  ],
  [
    "forgotten parentheses",
    "definePlugin({ Get: { args: gob.string, reply: gob.bytes() } })",
    /^netrpc: Get\.args: want a schema, got a function: call it, as in string\(\)$/,
  ],
  [
    "no reply",
    "definePlugin({ Get: { args: gob.string() } })",
    /^netrpc: Get\.reply: want a schema, got undefined/,
  ],
  [
    "a name that is no text",
    "definePlugin({ Get: { go: 5, args: gob.any(), reply: gob.any() } })",
    /^netrpc: Get\.go: want a string, got number 5$/,
  ],
  [
    "a method that is not implemented",
    `${GREETER}.implement({ greet: () => "" })`,
    /^netrpc: the implementation lacks the method Greet$/,
  ],
  [
    "no implementation",
    `${GREETER}.implement()`,
    /^netrpc: want an object with the methods Greet; got undefined$/,
  ],
  [
    "a service of nothing",
    "service({ Get: { args: gob.any(), reply: gob.any() } }, null)",
    /^netrpc: want an object with the methods Get; got null$/,
  ],
];

const { PassThrough } = await import("node:stream");
const names = { ...goplug, ...netrpc, ...testing, PassThrough };

/** Runs the program, which may give a promise. */
const run = async (program: string): Promise<unknown> =>
  compileFunction(`"use strict"; return ${program};`, Object.keys(names))(...Object.values(names));

const table: readonly [rows: readonly Row[], facts: object][] = [
  [CONFIGS, { name: "PluginError", code: "bad-config", phase: "config" }],
  [CONTRACTS, { name: "RpcError", code: "bad-service" }],
];
for (const [rows, facts] of table) {
  for (const [what, program, message] of rows) {
    test(`plain JavaScript: ${what} is refused by its path`, async () => {
      await assert.rejects(run(program), { ...facts, message });
    });
  }
}
for (const [what, program, message, path] of SCHEMAS) {
  test(`plain JavaScript: ${what} that is not a schema is refused by its path`, async () => {
    await assert.rejects(run(program), { name: "CodecError", code: "bad-value", path, message });
  });
}

test("plain JavaScript: what is lent must be a contract, and a codec gets a schema", async () => {
  const facts = { name: "CodecError", code: "bad-value" };
  await assert.rejects(run("lent()"), { ...facts, message: /^lent: want a contract.*undefined$/ });
  await assert.rejects(run("lent(gob.any())"), { ...facts, message: /^lent: want a contract/ });
  await assert.rejects(run('gob.encodeGob(gob.string, "x")'), {
    ...facts,
    message: /^gob: want a schema, got a function: call it, as in string\(\)$/,
  });
  const registered = 'new gob.Registry().register("main.A", gob.int)';
  await assert.rejects(run(registered), { ...facts, message: /as in int\(\)$/ });
});

test("plain JavaScript: what is right is not refused, and getters are not called", async () => {
  await run(`new Client({ command: ["./p"], ${HANDSHAKE}, plugins: { greeter: ${GREETER} } })`);
  await run('gob.struct("Tree", { get Kids() { throw new Error("too early"); } })');
  await run(
    'definePlugin({ Get: { get args() { throw new Error("too early"); }, reply: gob.any() } })',
  );
  await run(
    `definePlugin({ Get: { args: gob.any(), reply: gob.any() } }).implement(new (class { Get() {} })())`,
  );
});
