/** How a plugin is ended, and what is waited for. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { isAlive } from "../../../lib/host/process/process-table.js";
import { keepWarnings, lifeClient, lifeProgram, saying } from "../../helpers/hosts/life-client.js";
import { gone } from "../../helpers/process.js";
import { scratchDirectory } from "../../helpers/scratch.js";

test("[PLUGIN-7] kill is not held up by a grandchild that keeps the pipes", async (t) => {
  const directory = scratchDirectory(t);
  const program = join(directory, "plugin");
  const pidFile = join(directory, "pid");
  // The shell starts a sleeper that inherits the pipes, and becomes the plugin.
  const script = `#!/bin/sh\nsleep 600 &\necho $! > ${pidFile}\nexec ${await lifeProgram()}\n`;
  writeFileSync(program, script, { mode: 0o755 });
  const client = lifeClient(t, { command: [program], processGroup: true });
  await (await client.dispense("life")).Pid();
  const sleeper = Number(readFileSync(pidFile, "utf8"));
  t.after(() => process.kill(sleeper, "SIGKILL"));
  await client.kill();
  assert.deepEqual(await client.exited, { exitCode: 0, signal: undefined });
  assert.ok(isAlive(sleeper), "kill waited for the sleeper");
});

test("[PLUGIN-7] processGroup ends the plugin's children with it, when it must be killed", async (t) => {
  const directory = scratchDirectory(t);
  const program = join(directory, "plugin");
  const pidFile = join(directory, "pid");
  writeFileSync(
    program,
    `#!/bin/sh\nsleep 600 &\necho $! > ${pidFile}\necho "1|1|unix|/nowhere|netrpc|"\nwait\n`,
    { mode: 0o755 },
  );
  const client = lifeClient(t, { command: [program], processGroup: true, killGraceMs: 50 });
  await client.start();
  await client.kill();
  await gone(Number(readFileSync(pidFile, "utf8")));
});

test("[PLUGIN-7] kill does not wait out the grace for a plugin that cannot be asked", async (t) => {
  const { logger, warnings } = keepWarnings();
  const command = saying("1|1|unix|/no/such/socket|netrpc|");
  // A grace without an end: if it were waited out, so were this test.
  const client = lifeClient(t, { command, logger, killGraceMs: 2 ** 31 - 1 });
  await client.start();
  await client.kill();
  assert.deepEqual(await client.exited, { exitCode: undefined, signal: "SIGKILL" });
  const [[fields, text] = [{}, ""]] = warnings;
  assert.equal(text, "plugin failed to exit gracefully");
  assert.match(String(fields.error), /dial unix \/no\/such\/socket/);
});
