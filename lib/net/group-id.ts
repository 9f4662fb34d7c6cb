/** Groups of users, as unix sockets need them. */
import { readFileSync } from "node:fs";
import { PluginError } from "../errors.js";

/**
 * The number of a group. Node cannot ask the system for it, so names are looked up in `/etc/group`. A group of
 * a directory service must be given as a number.
 *
 * @param group - a name, or a number in decimal.
 * @throws PluginError `bad-config` when no group has that name.
 */
export function groupId(group: string): number {
  if (/^\d+$/.test(group)) return Number(group);
  for (const line of groups().split("\n")) {
    const [name, , id] = line.split(":");
    if (name === group && id !== undefined) return Number(id);
  }
  const text = `failed to find gid from ${JSON.stringify(group)}: not in /etc/group`;
  throw new PluginError("bad-config", text, { phase: "config" });
}

function groups(): string {
  try {
    return readFileSync("/etc/group", "utf8");
  } catch {
    return "";
  }
}
