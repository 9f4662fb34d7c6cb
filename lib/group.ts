import { readFile } from "node:fs/promises";
import { PluginError } from "./errors.js";

/**
 * The number of a group given as number or name. Node cannot ask the system, so names are looked up in
 * `/etc/group`: groups of a directory service must be given as numbers.
 *
 * @throws PluginError `bad-config`.
 */
export async function groupId(group: string): Promise<number> {
  if (/^\d+$/.test(group)) return Number(group);
  const file = await readFile("/etc/group", "utf8").catch(() => "");
  for (const line of file.split("\n")) {
    const [name, , id] = line.split(":");
    if (name === group && id !== undefined) return Number(id);
  }
  const text = `failed to find gid from ${JSON.stringify(group)}: not in /etc/group`;
  throw new PluginError("bad-config", text, { phase: "config" });
}
