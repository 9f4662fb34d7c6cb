/** What the host's error shows of a plugin that crashed before its handshake. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { PluginError } from "goplug";
import { goBinary, goTest } from "../../../helpers/go.js";
import { lifeClient } from "../../../helpers/hosts/life-client.js";
import { scratchDirectory } from "../../../helpers/scratch.js";

async function crash(t: TestContext, command: readonly string[], env = {}): Promise<PluginError> {
  const client = lifeClient(t, { command, env });
  const error = await client.start().catch((failed: unknown) => failed);
  assert.ok(error instanceof PluginError);
  assert.equal(error.code, "exited-early");
  assert.ok(error.message.includes(error.stderrTail!.replace(/^/gm, "  ")), error.message);
  return error;
}

interface NodeCrash {
  readonly file: string;
  readonly source: string;
  /** The whole tail, with FILE for the path of the program. */
  readonly tail: string;
}

const NODE: Readonly<Record<string, NodeCrash>> = {
  "an error at top level": {
    file: "plugin.cjs",
    source: 'throw new Error("no database");',
    tail:
      'FILE:1\nthrow new Error("no database");\n^\nError: no database\n' +
      "    at Object.<anonymous> (FILE:1:7)",
  },
  "a syntax error": {
    file: "plugin.cjs",
    source: "const = 3;",
    tail: "FILE:1\nconst = 3;\n      ^\nSyntaxError: Unexpected token '='",
  },
  "a missing module": {
    file: "plugin.cjs",
    source: 'require("./nope.cjs");',
    tail:
      "Error: Cannot find module './nope.cjs'\nRequire stack:\n- FILE\n" +
      "    at Object.<anonymous> (FILE:1:1)\n" +
      "  code: 'MODULE_NOT_FOUND',\n  requireStack: [ 'FILE' ]\n}",
  },
  "a missing package": {
    file: "plugin.mjs",
    source: 'import "no-such-package";',
    tail:
      "Error [ERR_MODULE_NOT_FOUND]: Cannot find package 'no-such-package' imported from FILE\n" +
      "  code: 'ERR_MODULE_NOT_FOUND'\n}",
  },
  "a rejection in a function": {
    file: "plugin.mjs",
    source: 'async function main() {\n  throw new TypeError("no port");\n}\nvoid main();',
    tail:
      'file://FILE:2\n  throw new TypeError("no port");\n        ^\nTypeError: no port\n' +
      "    at main (file://FILE:2:9)",
  },
  "an error with a long stack in a bundled line": {
    file: "plugin.cjs",
    source:
      `/*${"x".repeat(30_000)}*/ Error.stackTraceLimit = 2000; ` +
      'const down = (n) => { if (n === 0) throw new RangeError("too deep"); down(n - 1); }; down(300);',
    tail: "FILE:1\nRangeError: too deep\n    at down (FILE:1:PLACE)",
  },
  "a cause": {
    file: "plugin.cjs",
    source: 'const cause = new Error("inner");\nthrow new Error("outer", { cause });',
    tail:
      'FILE:2\nthrow new Error("outer", { cause });\n^\nError: outer\n' +
      "    at Object.<anonymous> (FILE:2:7)\n  [cause]: Error: inner\n" +
      "      at Object.<anonymous> (FILE:1:15)\n}",
  },
};

for (const [name, { file, source, tail }] of Object.entries(NODE)) {
  test(`a Node plugin that crashes: ${name}`, async (t) => {
    const path = join(scratchDirectory(t), file);
    writeFileSync(path, source);
    const { stderrTail } = await crash(t, [process.execPath, path]);
    const shown = stderrTail!
      .replaceAll(path, "FILE")
      .replace(/\[\s+'FILE'\s+\]/, "[ 'FILE' ]")
      .replace(/:1:\d{4,}/, ":1:PLACE");
    assert.equal(shown, tail);
  });
}

test("the line that names the error is shown, whatever was logged after it", async (t) => {
  const path = join(scratchDirectory(t), "plugin.sh");
  const record = '{"@level":"error","@message":"cannot open","@module":"db","path":"/x y"}';
  writeFileSync(
    path,
    `echo '${record}' >&2\nfor i in $(seq 50); do echo "bye $i" >&2; done\nexit 2`,
  );
  const { stderrTail } = await crash(t, ["/bin/sh", path]);
  const last = Array.from({ length: 8 }, (_, i) => `bye ${43 + i}`);
  const first = ['[ERROR] db: cannot open: path="/x y"', "bye 1", "bye 2", "bye 3", "..."];
  assert.deepEqual(stderrTail!.split("\n"), [...first, ...last.slice(3)]);
});

const GO: Readonly<Record<string, { readonly args: readonly string[]; readonly tail: RegExp }>> = {
  "a panic among 2000 goroutines": {
    args: ["panic", "cannot open the database"],
    tail: /^panic: cannot open the database\nmain\.\S+\(.*\)\n\t\S+\/process\.go:\d+ \+0x\w+$/,
  },
  "a nil pointer": {
    args: ["nil"],
    tail: /^panic: runtime error: invalid memory address or nil pointer dereference\n\[signal SIGSEGV: .*\]\nmain\.\S+\(.*\)\n\t\S+\/process\.go:\d+ \+0x\w+$/,
  },
  "a full stack": {
    args: ["overflow"],
    tail: /fatal error: stack overflow\n(.*\n)*main\.depth\(.*\)\n\t\S+\/process\.go:\d+ \+0x\w+/,
  },
};

for (const [name, { args, tail }] of Object.entries(GO)) {
  goTest(`a Go plugin that crashes: ${name}`, async (t) => {
    const command = [await goBinary("bad-plugin"), ...args];
    const { stderrTail, exitCode } = await crash(t, command, { GOTRACEBACK: "all" });
    assert.match(stderrTail!, tail);
    assert.equal(exitCode, 2);
  });
}
