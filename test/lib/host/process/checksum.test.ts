/** Programs whose file must have a given checksum. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { chmodSync, copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { verifyChecksum } from "goplug";
import { lifeClient, lifeProgram } from "../../../helpers/hosts/life-client.js";
import { scratchDirectory } from "../../../helpers/scratch.js";

test("TestClient_SecureConfig: a wrong checksum starts nothing, the right one does", async (t) => {
  const path = await lifeProgram();
  const start = (checksum: Uint8Array, algorithm?: string) => {
    const secureConfig = { checksum, ...(algorithm === undefined ? {} : { algorithm }) };
    return lifeClient(t, { command: [path], secureConfig }).start();
  };
  const digest = (algorithm: string) => createHash(algorithm).update(readFileSync(path)).digest();
  await assert.rejects(start(Buffer.alloc(32)), {
    code: "checksum-mismatch",
    message: /^checksums did not match/,
  });
  await assert.rejects(start(Buffer.alloc(3)), { code: "checksum-mismatch" });
  await assert.rejects(start(new Uint8Array()), {
    message: "error verifying checksum: no checksum provided",
  });
  await assert.rejects(start(Buffer.alloc(32), "md55"), {
    message: /^error verifying checksum: no hash implementation provided/,
  });
  // Also without a client: before an installation, for instance.
  await verifyChecksum(path, { checksum: digest("sha256") });
  await assert.rejects(verifyChecksum(path, { checksum: Buffer.alloc(32) }), {
    code: "checksum-mismatch",
  });
  await start(digest("sha256"));
  await start(digest("sha512"), "sha512");
});

test("the file that was checked is the file that is started, whatever cwd and PATH say", async (t) => {
  const cwd = scratchDirectory(t);
  const good = await lifeProgram();
  const path = join(cwd, "life");
  copyFileSync(good, path);
  chmodSync(path, 0o755);
  const checksum = createHash("sha256").update(readFileSync(good)).digest();
  const PATH = `${cwd}:${process.env.PATH}`;
  for (const config of [
    { command: ["./life"], cwd },
    { command: ["life"], env: { PATH } },
  ]) {
    const client = lifeClient(t, { ...config, secureConfig: { checksum } });
    assert.equal(await (await client.dispense("life")).Pid(), Number(client.id));
    await client.kill();
  }
  writeFileSync(path, "#!/bin/sh\nexit 1\n");
  const changed = lifeClient(t, { command: ["./life"], cwd, secureConfig: { checksum } });
  await assert.rejects(changed.start(), { code: "checksum-mismatch" });
});
