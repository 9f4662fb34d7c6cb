/** Builds by a real Packer, and a machine for it to provision: this one, through an sshd. */
import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { userInfo } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { minorVersion } from "../../examples/packer/launch.js";
import { ROOT } from "../../scripts/files.js";
import { signalIfAlive } from "../helpers/process.js";
import { scratchDirectory } from "../helpers/scratch.js";
import { tsPlugin } from "../helpers/ts-plugin.js";

const README = readFileSync(join(ROOT, "examples/packer/README.md"), "utf8");
/** Words of the commands in it that install the plugins, for Packer 1.6 and for later versions. */
const INSTALL_1_6 = "packer-$kind-goplug";
const INSTALL = "packer plugins install";

/** How Packer reaches a machine. */
export interface Machine {
  /** The fields of a builder of the type `null`. */
  readonly builder: Readonly<Record<string, string | number>>;
}

/** Makes this machine reachable through an sshd that ends with the test. */
export async function machine(t: TestContext): Promise<Machine> {
  const path = scratchDirectory(t);
  const [key, hostKey, conf] = ["key", "host", "sshd.conf"].map((name) => join(path, name)) as [
    string,
    string,
    string,
  ];
  for (const file of [key, hostKey]) {
    spawnSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", file], { stdio: "inherit" });
  }
  const port = await freePort();
  const lines = [
    `Port ${port}`,
    "ListenAddress 127.0.0.1",
    `HostKey ${hostKey}`,
    `AuthorizedKeysFile ${key}.pub`,
    "PidFile none",
    "StrictModes no",
    "PermitRootLogin yes",
    "UsePAM no",
    "Subsystem sftp internal-sftp",
  ];
  writeFileSync(conf, lines.join("\n"));
  if (process.getuid?.() === 0) mkdirSync("/run/sshd", { recursive: true });
  const sshd = spawn("/usr/sbin/sshd", ["-D", "-e", "-f", conf], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  t.after(() => ended(sshd, () => sshd.kill("SIGKILL")));
  await says(sshd.stderr, "Server listening");
  const builder = {
    type: "null",
    communicator: "ssh",
    ssh_host: "127.0.0.1",
    ssh_port: port,
    ssh_username: userInfo().username,
    ssh_private_key_file: key,
  };
  return { builder };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen({ host: "127.0.0.1", port: 0 }, () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}

function says(stream: NodeJS.ReadableStream, words: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = "";
    stream.on("data", (chunk) => {
      text += chunk;
      if (text.includes(words)) resolve();
    });
    stream.on("end", () => reject(new Error(`no ${words} in ${text}`)));
  });
}

async function ended(child: ChildProcess, end: () => void): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((resolve) => child.once("exit", resolve));
  end();
  await exited;
}

/** A `packer build` that runs. */
export interface Build {
  readonly exited: Promise<number | null>;
  /** Everything printed so far. */
  output(): string;
  /** Resolves when the output contains `words`. */
  says(words: string): Promise<void>;
  /** Does what Ctrl-C does on a terminal. */
  interrupt(): void;
}

/** The command in the README of the example that has these words. */
export function readmeCommand(words: string): string {
  const commands = README.split("\n").filter((line) => line.startsWith("$ "));
  const command = commands.find((line) => line.includes(words));
  assert.ok(command, `no command with ${words} in ${README}`);
  return command.slice(2);
}

/** The block of a language in the README of the example. */
export function readmeBlock(language: string): string {
  const [, block] = new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, "s").exec(README) ?? [];
  assert.ok(block, `no ${language} in ${README}`);
  return block;
}

/** Starts `packer build` with a template. The example's plugins are installed as its README says. */
export async function packerBuild(t: TestContext, name: string, template: string): Promise<Build> {
  const cwd = scratchDirectory(t);
  writeFileSync(join(cwd, name), template);
  const env = { ...process.env, PACKER_PLUGIN_PATH: cwd, CHECKPOINT_DISABLE: "1", HOME: cwd };
  // The example is where `npm run build` puts it.
  const example = join(cwd, "dist/examples/packer");
  mkdirSync(example, { recursive: true });
  copyFileSync(await tsPlugin("examples/packer/plugin.ts"), join(example, "plugin"));
  const install = (await minorVersion("packer")) < 7 ? INSTALL_1_6 : INSTALL;
  execFileSync("sh", ["-ec", readmeCommand(install)], { cwd, env });
  const args = ["build", "-color=false", name];
  const child = spawn("packer", args, {
    cwd,
    env,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const group = (signal: NodeJS.Signals) => signalIfAlive(-child.pid!, signal);
  t.after(() => ended(child, () => group("SIGKILL")));
  let output = "";
  const onOutput = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      output += chunk;
      for (const check of onOutput) check();
    });
  }
  const exited = new Promise<number | null>((resolve) => child.once("close", resolve));
  return {
    exited,
    output: () => output,
    says: (words) =>
      new Promise((resolve, reject) => {
        const check = () => output.includes(words) && resolve();
        onOutput.add(check);
        check();
        void exited.then(() => reject(new Error(`no ${words} in\n${output}`)));
      }),
    interrupt: () => group("SIGINT"),
  };
}
