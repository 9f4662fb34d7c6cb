/**
 * The rules of .dependency-cruiser.cjs report what they forbid. Each of them is broken in a tree of tiny files. A rule that no case
 * here breaks fails the test.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { type TestContext, test } from "node:test";
import { ROOT } from "../../scripts/files.js";
import { scratchDirectory } from "../helpers/scratch.js";

const CONFIG = join(ROOT, ".dependency-cruiser.cjs");
const CRUISE = join(ROOT, "node_modules/dependency-cruiser/bin/dependency-cruise.mjs");
const PACKAGE = "a-package";

/** A file that imports another, a module of Node, or {@link PACKAGE}. */
type Import = readonly [from: string, to: string, kind?: "type" | undefined];

/** Each of these is imported back in the same way. */
const CYCLES: readonly Import[] = [
  ["lib/net/cycle-a.ts", "lib/net/cycle-b.ts"],
  ["mux/type-cycle-a.ts", "mux/type-cycle-b.ts", "type"],
  ["test/cycle-a.ts", "test/cycle-b.ts"],
];

/** What each rule forbids. A rule about files alone is broken by a file that "imports" itself. */
const FORBIDDEN: Readonly<Record<string, readonly Import[]>> = {
  "no-cycle": CYCLES,
  "lib-observe-knows-what-is-below": [
    ["lib/observe/up.ts", "lib/host/y.ts"],
    ["lib/observe/up-type.ts", "lib/net/y.ts", "type"],
  ],
  "lib-net-knows-what-is-below": [["lib/net/up.ts", "lib/tls/y.ts"]],
  "lib-tls-knows-what-is-below": [["lib/tls/up.ts", "lib/contract/y.ts"]],
  "lib-contract-knows-what-is-below": [
    ["lib/contract/up.ts", "lib/host/y.ts"],
    ["lib/contract/up-type.ts", "lib/plugin/y.ts", "type"],
  ],
  "lib-host-knows-what-is-below": [
    ["lib/host/sideways.ts", "lib/plugin/y.ts"],
    ["lib/host/up.ts", "lib/testing/y.ts"],
  ],
  "host-process-knows-no-client": [["lib/host/process/up.ts", "lib/host/y.ts", "type"]],
  "lib-plugin-knows-what-is-below": [["lib/plugin/sideways.ts", "lib/host/y.ts", "type"]],
  "lib-testing-knows-what-is-below": [["lib/testing/up.ts", "lib/index.ts"]],
  "lib-root-knows-no-room": [["lib/errors.ts", "lib/observe/y.ts", "type"]],
  "lib-entries-are-the-top": [
    ["lib/host/entry.ts", "lib/index.ts"],
    ["lib/keep-alive.ts", "lib/gob.ts"],
  ],
  "lib-knows-mux-and-protocol": [
    ["lib/testing.ts", "test/y.ts"],
    ["lib/yamux.ts", "scripts/y.ts", "type"],
  ],
  "mux-knows-bytes": [
    ["mux/up.ts", "lib/net/y.ts"],
    ["mux/gob.ts", "protocol/gob/y.ts", "type"],
  ],
  "waits-know-nothing": [["protocol/async/up.ts", "protocol/errors.ts"]],
  "bytes-know-nothing": [["protocol/bytes/up.ts", "protocol/schema/y.ts", "type"]],
  "errors-know-nothing": [["protocol/errors.ts", "protocol/bytes/y.ts"]],
  "schemas-know-no-codec": [["protocol/schema/up.ts", "protocol/gob/y.ts"]],
  "gob-knows-schemas": [
    ["protocol/gob/up.ts", "protocol/netrpc/y.ts"],
    ["protocol/gob/sideways.ts", "protocol/plain/y.ts"],
  ],
  "gob-types-know-no-coder": [
    ["protocol/gob/type/up.ts", "protocol/gob/encode/y.ts"],
    ["protocol/gob/type/up-type.ts", "protocol/gob/registry.ts", "type"],
  ],
  "gob-wellknown-is-schemas": [["protocol/gob/wellknown/sideways.ts", "protocol/gob/type/y.ts"]],
  "gob-encode-knows-what-is-below": [
    ["protocol/gob/encode/sideways.ts", "protocol/gob/decode/y.ts", "type"],
    ["protocol/gob/encode/up.ts", "protocol/gob/encoder.ts"],
  ],
  "gob-decode-knows-what-is-below": [
    ["protocol/gob/decode/sideways.ts", "protocol/gob/encode/y.ts"],
    ["protocol/gob/decode/up.ts", "protocol/gob/decoder.ts", "type"],
  ],
  "gob-shared-knows-no-coder": [["protocol/gob/limits.ts", "protocol/gob/decode/y.ts", "type"]],
  "plain-knows-schemas": [["protocol/plain/sideways.ts", "protocol/gob/y.ts"]],
  "msgpack-and-json-know-plain": [
    ["protocol/msgpack/sideways.ts", "protocol/gob/y.ts"],
    ["protocol/json/up.ts", "protocol/netrpc/y.ts", "type"],
  ],
  "handshake-is-text": [["protocol/handshake/up.ts", "protocol/netrpc/y.ts"]],
  "protocol-stands-alone": [
    ["protocol/netrpc/mux.ts", "mux/y.ts"],
    ["protocol/gob/lib.ts", "lib/errors.ts", "type"],
  ],
  "no-outside-world": [
    ["protocol/netrpc/sockets.ts", "node:net"],
    ["mux/files.ts", "node:fs/promises", "type"],
    ["mux/processes.ts", "child_process"],
  ],
  "no-node-streams": [
    ["mux/streams.ts", "node:stream"],
    ["protocol/netrpc/streams.ts", "node:stream/promises"],
  ],
  "no-packages": [
    ["lib/net/package.ts", PACKAGE],
    ["protocol/json/package.ts", PACKAGE, "type"],
  ],
  "no-dead-modules": [["lib/host/nobody-imports-me.ts", "lib/host/nobody-imports-me.ts"]],
};

/** What is allowed, from the top to the bottom. The entries reach all files. */
const ALLOWED: readonly Import[] = [
  ["test/repository/x.ts", "lib/index.ts"],
  ["scripts/x.ts", "test/y.ts"],
  ["lib/index.ts", "lib/host/x.ts"],
  ["lib/index.ts", "lib/plugin/x.ts"],
  ["lib/testing.ts", "lib/testing/x.ts"],
  ["lib/testing/x.ts", "lib/host/x.ts"],
  ["lib/host/x.ts", "lib/contract/x.ts"],
  ["lib/host/x.ts", "node:child_process"],
  ["lib/plugin/x.ts", "lib/contract/x.ts", "type"],
  ["lib/contract/x.ts", "lib/tls/x.ts"],
  ["lib/contract/x.ts", "mux/x.ts"],
  ["lib/tls/x.ts", "lib/net/x.ts"],
  ["lib/net/x.ts", "lib/observe/x.ts"],
  ["lib/observe/x.ts", "lib/errors.ts"],
  ["lib/errors.ts", "protocol/errors.ts"],
  ["lib/netrpc.ts", "protocol/netrpc/x.ts"],
  ["lib/gob.ts", "protocol/gob/x.ts"],
  ["lib/yamux.ts", "mux/duplex.ts"],
  ["mux/duplex.ts", "node:stream"],
  ["mux/x.ts", "protocol/bytes/x.ts"],
  ["mux/x.ts", "protocol/async/x.ts"],
  ["protocol/netrpc/x.ts", "protocol/gob/x.ts"],
  ["protocol/netrpc/x.ts", "protocol/msgpack/x.ts"],
  ["protocol/netrpc/x.ts", "protocol/json/x.ts"],
  ["protocol/msgpack/x.ts", "protocol/plain/x.ts"],
  ["protocol/json/x.ts", "protocol/plain/x.ts"],
  ["protocol/plain/x.ts", "protocol/schema/x.ts"],
  ["protocol/gob/x.ts", "protocol/gob/encode/x.ts"],
  ["protocol/gob/x.ts", "protocol/gob/decode/x.ts"],
  ["protocol/gob/encode/x.ts", "protocol/gob/limits.ts"],
  ["protocol/gob/decode/x.ts", "protocol/gob/registry.ts"],
  ["protocol/gob/limits.ts", "protocol/gob/type/x.ts"],
  ["protocol/gob/registry.ts", "protocol/gob/wellknown/x.ts"],
  ["protocol/gob/type/x.ts", "protocol/gob/failure.ts"],
  ["protocol/gob/wellknown/x.ts", "protocol/bytes/x.ts", "type"],
  ["protocol/gob/failure.ts", "protocol/schema/x.ts", "type"],
  ["protocol/schema/x.ts", "protocol/errors.ts"],
];

interface Violation {
  readonly rule: { readonly name: string };
  readonly from: string;
  readonly to: string;
}

/** Writes files that import each other as `imports` say, and returns what the repository's rules say of them. */
function violations(t: TestContext, imports: readonly Import[]): readonly Violation[] {
  const tree = scratchDirectory(t);
  write(tree, "tsconfig.json", '{ "compilerOptions": { "module": "NodeNext" } }');
  write(
    tree,
    `node_modules/${PACKAGE}/package.json`,
    `{ "name": "${PACKAGE}", "version": "1.0.0" }`,
  );
  write(tree, `node_modules/${PACKAGE}/index.js`, "");
  for (const [path, text] of sources(imports)) write(tree, path, text);
  const folders = readdirSync(tree, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== "node_modules")
    .map(({ name }) => name);
  const args = [CRUISE, "--config", CONFIG, "--output-type", "json", ...folders];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: tree, encoding: "utf8" });
  assert.match(stdout, /^\{/, stderr);
  return (JSON.parse(stdout) as { summary: { violations: Violation[] } }).summary.violations;
}

function write(tree: string, path: string, text: string): void {
  mkdirSync(join(tree, dirname(path)), { recursive: true });
  writeFileSync(join(tree, path), text);
}

const isFile = (path: string): boolean => path.endsWith(".ts");

/** The text of every file that imports or is imported. */
function sources(imports: readonly Import[]): Map<string, string> {
  const texts = new Map<string, string>();
  for (const [from, to] of imports) {
    for (const path of [from, to].filter(isFile)) texts.set(path, "export type Y = string;\n");
  }
  for (const [from, to, kind] of imports) {
    if (from === to) continue;
    const near = `./${relative(dirname(from), to)}`.replace("./..", "..").replace(/ts$/, "js");
    const target = JSON.stringify(isFile(to) ? near : to);
    const line = kind === "type" ? `import type { Y } from ${target};\n` : `import ${target};\n`;
    texts.set(from, line + texts.get(from));
  }
  return texts;
}

test("every rule about imports reports what it forbids", (t) => {
  const back = CYCLES.map(([from, to, kind]): Import => [to, from, kind]);
  const found = violations(t, [...Object.values(FORBIDDEN).flat(), ...back]);
  const reported = new Set(found.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`));
  // A cycle is reported once, from any of its files.
  for (const { rule, from, to } of found) {
    if (rule.name === "no-cycle") reported.add(`no-cycle: ${to} -> ${from}`);
  }
  for (const [rule, imports] of Object.entries(FORBIDDEN)) {
    for (const [from, to] of imports) {
      const target = to === PACKAGE ? `node_modules/${PACKAGE}/index.js` : to.replace(/^node:/, "");
      assert.ok(reported.has(`${rule}: ${from} -> ${target}`), `${rule} lets ${from} import ${to}`);
    }
  }
});

test("every rule about imports is tested", () => {
  const { forbidden } = createRequire(import.meta.url)(CONFIG) as { forbidden: { name: string }[] };
  assert.deepEqual(forbidden.map(({ name }) => name).sort(), Object.keys(FORBIDDEN).sort());
});

test("imports in the drawn direction are not reported", (t) => {
  assert.deepEqual(violations(t, ALLOWED), []);
});
