/** The example `yamux`: its client with its two servers, in TypeScript and Go. */
import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type TestContext, test } from "node:test";
import { ROOT } from "../../../scripts/files.js";
import { exampleBinary, goTest } from "../../helpers/go.js";

const FILES = ["LICENSE", "package-lock.json", "README.md"].map((name) => join(ROOT, name));
const TYPESCRIPT = ["--import", "tsx"];

async function addressOf(t: TestContext, server: ChildProcess): Promise<string> {
  t.after(async () => {
    server.kill();
    if (server.exitCode === null && server.signalCode === null) await once(server, "exit");
  });
  assert.ok(server.stdout);
  const [line] = (await once(createInterface({ input: server.stdout }), "line")) as [string];
  return line.replace("listening on ", "");
}

function assertSums(address: string): void {
  const client = join(ROOT, "examples/yamux/client.ts");
  const output = execFileSync(process.execPath, [...TYPESCRIPT, client, address, ...FILES], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const sum = (file: string) => createHash("sha256").update(readFileSync(file)).digest("hex");
  assert.equal(output, FILES.map((file) => `${sum(file)}  ${file}\n`).join(""));
}

goTest("the yamux example's client has a Go server compute checksums", async (t) => {
  const server = spawn(await exampleBinary("yamux-server"), {
    stdio: ["ignore", "pipe", "ignore"],
  });
  assertSums(await addressOf(t, server));
});

test("the yamux example's client has a TypeScript server compute checksums", async (t) => {
  const path = join(ROOT, "examples/yamux/server.ts");
  const stdio = ["ignore", "pipe", "inherit"] as const;
  const server = spawn(process.execPath, [...TYPESCRIPT, path], { stdio: [...stdio] });
  assertSums(await addressOf(t, server));
});
