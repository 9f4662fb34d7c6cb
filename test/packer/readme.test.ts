/** What the README of the Packer example shows. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { buildExamples } from "../../scripts/build-examples.js";
import { scratchDirectory } from "../helpers/scratch.js";
import { packerBuild, readmeBlock, readmeCommand } from "./helpers.js";

test("[NETRPC-26] the host runs a command as its README shows", async (t) => {
  const cwd = scratchDirectory(t);
  await buildExamples({ outDir: join(cwd, "dist/examples") });
  const output = execFileSync("sh", ["-ec", readmeCommand("host.js")], { cwd, encoding: "utf8" });
  assert.match(output, /^hello from \w+$/m);
});

for (const [language, name] of [
  ["json", "template.json"],
  ["hcl", "template.pkr.hcl"],
] as const) {
  test(`[NETRPC-26] the README's ${name} makes, provisions and describes an artifact`, async (t) => {
    const out = scratchDirectory(t);
    const template = readmeBlock(language)
      .replaceAll("/tmp/", `${out}/`)
      .replace("artifact.json", join(out, "artifact.json"));
    const build = await packerBuild(t, name, template);
    assert.equal(await build.exited, 0, build.output());
    const image = join(out, "image");
    assert.equal(readFileSync(image, "utf8"), "hello");
    assert.equal(readFileSync(join(out, "hello"), "utf8"), "hello");
    assert.deepEqual(JSON.parse(readFileSync(join(out, "artifact.json"), "utf8")), {
      builder: "goplug",
      id: image,
      text: `goplug: ${image}`,
      files: [image],
    });
  });
}
