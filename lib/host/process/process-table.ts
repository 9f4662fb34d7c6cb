/**
 * What the system tells about a process that is not our child. Only Linux tells more than whether it lives; elsewhere
 * the answers are undefined, and the caller goes by what else it knows.
 */
import { readFileSync } from "node:fs";
import { readdir, readFile, readlink } from "node:fs/promises";
import { parseHostPort } from "../../../protocol/handshake/index.js";
import type { Address } from "../../net/socket.js";

/** Whether there is such a process. One that we may not signal counts as alive; in Go it counts as dead. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** The facts of a process that we need. */
export interface ProcessStat {
  /** Tells it from a later process with the same number. */
  readonly startTime: string;
  /** It has ended, and its parent has not asked how. */
  readonly isZombie: boolean;
  /** The number of its parent. */
  readonly parent: number;
}

/** Undefined where the system does not tell it. */
export function statOf(pid: number): ProcessStat | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, "latin1");
  } catch {
    return undefined;
  }
  // The second field is the program's name in brackets, which may hold spaces and brackets itself.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const [state = "", parent] = fields;
  return {
    startTime: fields[19] ?? "",
    isZombie: state === "Z" || state === "X",
    parent: Number(parent),
  };
}

/**
 * Whether the process, or one that it has started, listens at `address`. Undefined where the system does not tell it:
 * on other systems than Linux, for a listener in another namespace, and for processes of another user.
 */
export async function holdsListener(pid: number, address: Address): Promise<boolean | undefined> {
  try {
    const sockets = new Set(await listenersAt(address));
    if (sockets.size === 0) return undefined;
    for (const member of await family(pid)) {
      if (await holdsSocket(member, sockets)) return true;
    }
    return false;
  } catch {
    return undefined;
  }
}

const LISTENING_UNIX = "00010000";
const LISTENING_TCP = "0A";

/** The numbers of the sockets that listen there. */
async function listenersAt({ network, address }: Address): Promise<string[]> {
  if (network === "unix") {
    const rows = await rowsOf("/proc/net/unix");
    return rows
      .filter((row) => row[3] === LISTENING_UNIX && row.slice(7).join(" ") === address)
      .map((row) => row[6] ?? "");
  }
  const { port } = parseHostPort(address);
  const hexPort = port.toString(16).toUpperCase().padStart(4, "0");
  const rows = [
    ...(await rowsOf("/proc/net/tcp")),
    ...(await rowsOf("/proc/net/tcp6").catch(() => [])),
  ];
  return rows
    .filter((row) => row[3] === LISTENING_TCP && row[1]?.endsWith(`:${hexPort}`))
    .map((row) => row[9] ?? "");
}

async function rowsOf(path: string): Promise<string[][]> {
  const lines = (await readFile(path, "utf8")).split("\n").slice(1);
  return lines.map((line) => line.trim().split(/\s+/));
}

/** The process and all that it has started, directly or not. A plugin may be behind a script. */
async function family(pid: number): Promise<number[]> {
  const children = new Map<number, number[]>();
  for (const name of await readdir("/proc")) {
    const parent = statOf(Number(name))?.parent;
    if (parent === undefined) continue;
    const siblings = children.get(parent);
    if (siblings === undefined) children.set(parent, [Number(name)]);
    else siblings.push(Number(name));
  }
  const members = [pid];
  for (const member of members) members.push(...(children.get(member) ?? []));
  return members;
}

async function holdsSocket(pid: number, sockets: ReadonlySet<string>): Promise<boolean> {
  const folder = `/proc/${pid}/fd`;
  for (const fd of await readdir(folder)) {
    const target = await readlink(`${folder}/${fd}`).catch(() => "");
    const [, inode] = /^socket:\[(\d+)\]$/.exec(target) ?? [];
    if (inode !== undefined && sockets.has(inode)) return true;
  }
  return false;
}
