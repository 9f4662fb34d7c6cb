/** Notes for an error about a program that is not a plugin: who may run it, and what it was compiled for. */
import type { Stats } from "node:fs";
import { type FileHandle, open, readFile, stat } from "node:fs/promises";
import { arch } from "node:os";

/** Go's names of processors, by Node's. */
const GO_ARCH: Readonly<Record<string, string>> = {
  x64: "amd64",
  ia32: "386",
  mipsel: "mipsle",
  ppc64: "ppc64le",
};

const ELF_MACHINES: Readonly<Record<number, string>> = {
  3: "EM_386",
  8: "EM_MIPS",
  21: "EM_PPC64",
  22: "EM_S390",
  40: "EM_ARM",
  62: "EM_X86_64",
  183: "EM_AARCH64",
  243: "EM_RISCV",
  258: "EM_LOONGARCH",
};
const MACHO_CPUS: Readonly<Record<number, string>> = {
  7: "Cpu386",
  12: "CpuArm",
  16777223: "CpuAmd64",
  16777228: "CpuArm64",
};
const PE_MACHINES: Readonly<Record<number, string>> = {
  332: "386",
  448: "arm",
  25188: "loong64",
  34404: "amd64",
  43620: "arm64",
};

/**
 * What may be wrong with a program, in Go's words: its mode, its owner and group beside ours, and the processor it was
 * compiled for. Empty if the file cannot be read.
 */
export async function programNotes(path: string): Promise<string> {
  let facts: Stats;
  try {
    facts = await stat(path);
  } catch {
    return "";
  }
  const { mode, uid, gid } = facts;
  const lines = [`Path: ${path}`, `Mode: ${formatMode(mode)}`];
  if (process.platform !== "win32") {
    const users = await readNames("/etc/passwd");
    const groups = await readNames("/etc/group");
    const named = (names: Names, id: number) => `${id} [${names.get(id) ?? "?"}]`;
    lines.push(`Owner: ${named(users, uid)} (current: ${named(users, process.getuid!())})`);
    lines.push(`Group: ${named(groups, gid)} (current: ${named(groups, process.getgid!())})`);
  }
  const compiledFor = await architecture(path).catch(() => undefined);
  if (compiledFor !== undefined) {
    lines.push(`${compiledFor} (current architecture: ${GO_ARCH[arch()] ?? arch()})`);
  }
  return `Additional notes about plugin:\n${lines.map((line) => `  ${line}\n`).join("")}`;
}

type Names = ReadonlyMap<number, string>;

/** The names of users or groups by number. Node cannot ask the system for those of a directory service. */
async function readNames(path: string): Promise<Names> {
  const names = new Map<number, string>();
  for (const line of (await readFile(path, "utf8").catch(() => "")).split("\n")) {
    const [name = "", , id] = line.split(":");
    if (id !== undefined && !names.has(Number(id))) names.set(Number(id), name);
  }
  return names;
}

/** A file's mode as Go prints it: `-rwxr-xr-x`; `urwxr-xr-x` with set-user-id. */
export function formatMode(mode: number): string {
  const special = [
    (mode & 0o170000) === 0o040000 ? "d" : "",
    mode & 0o4000 ? "u" : "",
    mode & 0o2000 ? "g" : "",
    mode & 0o1000 ? "t" : "",
  ].join("");
  const bits = [...(mode & 0o777).toString(2).padStart(9, "0")];
  return (special || "-") + bits.map((bit, i) => (bit === "1" ? "rwx"[i % 3] : "-")).join("");
}

/** The processor that an ELF, Mach-O or PE file was compiled for; undefined for scripts and other files. */
async function architecture(path: string): Promise<string | undefined> {
  const file = await open(path);
  try {
    const head = await bytesAt(file, 0, 64);
    if (head.readUInt32BE(0) === 0x7f454c46) {
      const machine = head[5] === 2 ? head.readUInt16BE(18) : head.readUInt16LE(18);
      return `ELF architecture: ${ELF_MACHINES[machine] ?? machine}`;
    }
    // The two numbers mark 32 and 64 bits. Big-endian files are older than plugins.
    if ([0xfeedface, 0xfeedfacf].includes(head.readUInt32LE(0))) {
      const cpu = head.readUInt32LE(4);
      return `MachO architecture: ${MACHO_CPUS[cpu] ?? cpu}`;
    }
    if (head.toString("latin1", 0, 2) !== "MZ") return undefined;
    const pe = await bytesAt(file, head.readUInt32LE(0x3c), 6);
    if (pe.toString("latin1", 0, 4) !== "PE\0\0") return undefined;
    return `PE architecture: ${PE_MACHINES[pe.readUInt16LE(4)] ?? "unknown"}`;
  } finally {
    await file.close();
  }
}

/** Reads from a position. Bytes after the end of the file are 0. */
async function bytesAt(file: FileHandle, position: number, byteLength: number): Promise<Buffer> {
  const bytes = Buffer.alloc(byteLength);
  await file.read(bytes, 0, byteLength, position);
  return bytes;
}
