/** `packer build`, unmodified, with the provisioner and post-processor that are our examples. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { scratchDirectory } from "../helpers/scratch.js";
import { machine, packerBuild } from "./helpers.js";

type Settings = Readonly<Record<string, string | number | readonly string[]>>;

const json = (builder: Settings, provisioner: Settings, output: string): string =>
  JSON.stringify({
    builders: [builder],
    provisioners: [{ type: "goplug", ...provisioner }],
    "post-processors": [{ type: "goplug", output }],
  });

const body = (settings: Settings): string =>
  Object.entries(settings)
    .map(([key, value]) => `    ${key} = ${JSON.stringify(value)}\n`)
    .join("");

function hcl({ type, ...source }: Settings, provisioner: Settings, output: string): string {
  return `source ${JSON.stringify(type)} "x" {\n${body(source)}}
build {
  sources = ["source.null.x"]
  provisioner "goplug" {\n${body(provisioner)}  }
  post-processor "goplug" {\n${body({ output })}  }
}
`;
}

const templates = [
  ["template.json", json],
  ["template.pkr.hcl", hcl],
] as const;

for (const [name, make] of templates) {
  test(`[NETRPC-26] ${name}: a build runs our provisioner and our post-processor`, async (t) => {
    const { builder } = await machine(t);
    const out = scratchDirectory(t);
    const [path, output] = [join(out, "content"), join(out, "artifact.json")];
    const inline = ["tr a-z A-Z", "echo complaint >&2"];
    const provisioner = { path, content: "written by goplug", inline };
    const build = await packerBuild(t, name, make(builder, provisioner, output));
    assert.equal(await build.exited, 0, build.output());
    assert.equal(readFileSync(path, "utf8"), "written by goplug");
    for (const line of [
      "read back: written by goplug",
      "WRITTEN BY GOPLUG",
      "complaint",
      `goplug: ${output}`,
    ]) {
      assert.ok(build.output().includes(line), build.output());
    }
    assert.deepEqual(JSON.parse(readFileSync(output, "utf8")), {
      builder: "fnoeding.null",
      id: "Null",
      text: "Did not export anything. This is the null builder",
      files: [],
    });
  });

  test(`[NETRPC-26] ${name}: what our provisioner throws ends the build with its text`, async (t) => {
    const { builder } = await machine(t);
    const out = scratchDirectory(t);
    const provisioner = { path: join(out, "content"), inline: ["exit 7"] };
    const build = await packerBuild(t, name, make(builder, provisioner, join(out, "none")));
    assert.equal(await build.exited, 1, build.output());
    assert.match(build.output(), /goplug: exit code 7 of exit 7/);
  });

  test(`[NETRPC-26] ${name}: a config without what our plugin needs is refused before anything runs`, async (t) => {
    const { builder } = await machine(t);
    const build = await packerBuild(t, name, make(builder, { content: "x" }, "none"));
    assert.notEqual(await build.exited, 0);
    // HCL knows it from the ConfigSpec, JSON from Prepare.
    assert.match(build.output(), /goplug: path is required|The argument "path" is\s+required/);
  });

  test(`[NETRPC-26] ${name}: an interrupt cancels our provisioner in its pending call`, async (t) => {
    const { builder } = await machine(t);
    const out = scratchDirectory(t);
    const provisioner = { path: join(out, "content"), inline: ["exec sleep 600"] };
    const build = await packerBuild(t, name, make(builder, provisioner, join(out, "none")));
    await build.says("read back");
    build.interrupt();
    assert.equal(await build.exited, 1, build.output());
    assert.match(build.output(), /cancel/i);
  });
}

test("[NETRPC-26] a build runs our builder, Packer's provisioner on its machine, and destroys its artifact", async (t) => {
  const out = scratchDirectory(t);
  const [output, log, archive] = [join(out, "image"), join(out, "log"), join(out, "image.tar.gz")];
  const [source, destination] = [join(out, "source"), join(out, "uploaded")];
  writeFileSync(source, "uploaded");
  const template = JSON.stringify({
    builders: [{ type: "goplug", output, content: "made by goplug\n" }],
    provisioners: [
      { type: "shell-local", inline: ["true"] },
      { type: "file", source, destination },
      { type: "shell", inline: [`cat ${output} > ${log}`, `echo provisioned >> ${output}`] },
    ],
    "post-processors": [{ type: "compress", output: archive }],
  });
  const build = await packerBuild(t, "template.json", template);
  assert.equal(await build.exited, 0, build.output());
  assert.match(build.output(), /goplug: building/);
  assert.equal(readFileSync(log, "utf8"), "made by goplug\n");
  assert.equal(readFileSync(destination, "utf8"), "uploaded");
  const packed = execFileSync("tar", ["-xzOf", archive], { encoding: "utf8" });
  assert.equal(packed, "made by goplug\nprovisioned\n");
  // compress does not keep what it was given.
  assert.equal(existsSync(output), false);
});

test("[NETRPC-26] an interrupt cancels our builder while Packer's provisioner runs", async (t) => {
  const out = scratchDirectory(t);
  const template = JSON.stringify({
    builders: [{ type: "goplug", output: join(out, "image") }],
    provisioners: [{ type: "shell", inline: ["echo it runs", "exec sleep 600"] }],
  });
  const build = await packerBuild(t, "template.json", template);
  await build.says("it runs");
  build.interrupt();
  assert.equal(await build.exited, 1, build.output());
  assert.match(build.output(), /cancel/i);
});

test("[NETRPC-26] a builder whose config is refused says why", async (t) => {
  const template = JSON.stringify({ builders: [{ type: "goplug", content: "x" }] });
  const build = await packerBuild(t, "template.json", template);
  assert.notEqual(await build.exited, 0);
  assert.match(build.output(), /goplug: output is required/);
});
