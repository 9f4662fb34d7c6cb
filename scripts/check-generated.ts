/**
 * Checks that the golden vectors are what Go writes today, byte for byte. `--write` replaces them instead. Without Go
 * the check prints a message and passes. With CI=true that is a failure.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { generatorBinary, goBinary, goVersion, NO_GO } from "../test/helpers/go.js";

const VECTORS = fileURLToPath(new URL("../spec/vectors/", import.meta.url));

function run(cwd: string, command: string, args: readonly string[]): void {
  const { status, error, stdout, stderr } = spawnSync(command, args, { cwd, encoding: "utf8" });
  if (status === 0) return;
  throw new Error(`${command} ${args.join(" ")}: ${error ?? `exit ${status}`}\n${stdout}${stderr}`);
}

/** Writes `gob/*.json`, `netrpc/exchanges.json` and `netrpc/transcript.json` to a folder. */
async function generate(into: string): Promise<void> {
  run(into, await generatorBinary(), ["-out", into]);
  const [transcript, recorder] = await Promise.all([goBinary("transcript"), goBinary("recorder")]);
  const plugin = [recorder, "-o", join(into, "netrpc/transcript.json"), "--", transcript, "plugin"];
  run(into, transcript, ["host", "--", ...plugin]);
}

function vectorFiles(folder: string): Map<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const json = names.filter((name) => name.endsWith(".json"));
  return new Map(json.map((name) => [name, readFileSync(join(folder, name), "utf8")]));
}

/** The names of files that differ, or that exist on one side only. */
function differing(a: Map<string, string>, b: Map<string, string>): string[] {
  const names = new Set([...a.keys(), ...b.keys()]);
  return [...names].filter((name) => a.get(name) !== b.get(name)).sort();
}

async function check(): Promise<boolean> {
  const fresh = mkdtempSync(join(tmpdir(), "goplug-vectors-"));
  try {
    await generate(fresh);
    const wrong = differing(vectorFiles(VECTORS), vectorFiles(fresh));
    for (const name of wrong) console.error(`spec/vectors/${name} is not what Go writes today`);
    if (wrong.length > 0) console.error("run: npx tsx scripts/check-generated.ts --write");
    else console.log(`spec/vectors is what ${goVersion} writes`);
    return wrong.length === 0;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

if (goVersion === undefined) {
  console.error(`check-generated SKIPPED: ${NO_GO}`);
  process.exitCode = process.env.CI === "true" ? 1 : 0;
} else if (process.argv.includes("--write")) {
  await generate(VECTORS);
} else if (!(await check())) {
  process.exitCode = 1;
}
