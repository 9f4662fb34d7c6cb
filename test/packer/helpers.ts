/** Builds by a real Packer, and a machine for it to provision: this one, through an sshd. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { userInfo } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { signalIfAlive } from "../helpers/process.js";
import { scratchDirectory } from "../helpers/scratch.js";
import { tsPlugin } from "../helpers/ts-plugin.js";

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

/** Starts `packer build` with a template, where it finds our example plugins. */
export async function packerBuild(t: TestContext, name: string, template: string): Promise<Build> {
  const cwd = scratchDirectory(t);
  writeFileSync(join(cwd, name), template);
  for (const kind of ["builder", "provisioner", "post-processor"]) {
    copyFileSync(await tsPlugin("examples/packer/plugin.ts"), join(cwd, `packer-${kind}-goplug`));
  }
  const env = { ...process.env, PACKER_PLUGIN_PATH: cwd, CHECKPOINT_DISABLE: "1", HOME: cwd };
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
