/** Which file a command is, and what may be wrong with it. */
import assert from "node:assert/strict";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { programFile } from "../../../../lib/host/process/program.js";
import { formatMode, programNotes } from "../../../../lib/host/process/program-notes.js";
import { lifeClient } from "../../../helpers/hosts/life-client.js";
import { scratchDirectory } from "../../../helpers/scratch.js";

test("a file's mode is written as Go writes it", () => {
  const modes: [mode: number, text: string][] = [
    [0o100755, "-rwxr-xr-x"],
    [0o100640, "-rw-r-----"],
    [0o104755, "urwxr-xr-x"],
    [0o106711, "ugrwx--x--x"],
    [0o041777, "dtrwxrwxrwx"],
  ];
  for (const [mode, text] of modes) assert.equal(formatMode(mode), text);
});

/** The start of a file of each format. */
function header(format: "elf" | "macho" | "pe", machine: number): Buffer {
  const bytes = Buffer.alloc(128);
  if (format === "elf") {
    bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1]);
    bytes.writeUInt16LE(machine, 18);
  } else if (format === "macho") {
    bytes.writeUInt32LE(0xfeedfacf, 0);
    bytes.writeUInt32LE(machine, 4);
  } else {
    bytes.write("MZ", 0, "latin1");
    bytes.writeUInt32LE(80, 0x3c);
    bytes.write("PE\0\0", 80, "latin1");
    bytes.writeUInt16LE(machine, 84);
  }
  return bytes;
}

const architectures: [bytes: Buffer, line: RegExp | undefined][] = [
  [header("elf", 62), /^ {2}ELF architecture: EM_X86_64 \(current architecture: \w+\)$/m],
  [header("elf", 183), /^ {2}ELF architecture: EM_AARCH64 \(/m],
  [header("elf", 999), /^ {2}ELF architecture: 999 \(/m],
  [header("macho", 0x100000c), /^ {2}MachO architecture: CpuArm64 \(/m],
  [header("pe", 0x8664), /^ {2}PE architecture: amd64 \(/m],
  [header("pe", 1), /^ {2}PE architecture: unknown \(/m],
  [Buffer.from("#!/bin/sh\n"), undefined],
  [Buffer.from("MZ"), undefined],
  [Buffer.alloc(0), undefined],
];
test("TestAdditionalNotesAboutCommand: path, mode, owner, group, and what it was compiled for", async (t) => {
  const path = join(scratchDirectory(t), "plugin");
  for (const [bytes, line] of architectures) {
    writeFileSync(path, bytes);
    chmodSync(path, 0o750);
    const notes = await programNotes(path);
    assert.ok(notes.startsWith(`Additional notes about plugin:\n  Path: ${path}\n`), notes);
    assert.match(
      notes,
      /^ {2}Mode: -rwxr-x---\n {2}Owner: \d+ \[\S+\] \(current: \d+ \[\S+\]\)\n/m,
    );
    assert.match(notes, /^ {2}Group: \d+ \[\S+\] \(current: \d+ \[\S+\]\)\n/m);
    if (line === undefined) assert.doesNotMatch(notes, /architecture/);
    else assert.match(notes, line);
  }
  assert.equal(await programNotes("/no/such/plugin"), "");
});

test("[HANDSHAKE-3] a program that is not a plugin is described, also if it was found by PATH", async (t) => {
  const client = lifeClient(t, { command: ["echo", "hello"] });
  await assert.rejects(client.start(), {
    code: "unrecognized",
    message:
      /message: hello\nThis usually means\n.*\n\nAdditional notes about plugin:\n {2}Path: \/\S*\/echo\n {2}Mode: -rwx/s,
  });
});

test("a program is looked up where the system would look it up", (t) => {
  const cwd = scratchDirectory(t);
  mkdirSync(join(cwd, "bin"));
  mkdirSync(join(cwd, "other/tool"), { recursive: true });
  const tool = join(cwd, "bin/tool");
  writeFileSync(tool, "");
  const env = { PATH: `${join(cwd, "other")}:${join(cwd, "bin")}` };
  assert.equal(programFile("tool", env), undefined, "it may not be executed");
  chmodSync(tool, 0o755);
  assert.equal(programFile("tool", env), tool);
  assert.equal(programFile("bin/tool", env, cwd), tool);
  assert.equal(programFile("./tool", env, cwd), undefined);
  assert.equal(programFile(tool, {}), tool);
  assert.equal(programFile("tool", {}, cwd), undefined);
});
