/** A private directory for the sockets of one plugin. */
import { rmSync } from "node:fs";
import { chmod, chown, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PluginError } from "../errors.js";
import { groupId } from "../net/group-id.js";
import type { ClientConfig } from "./client-config.js";

/**
 * Makes the directory: always for a custom runner, and for a child process if `tempDir` is given. Otherwise a child
 * makes its socket in its own temporary directory, as in Go, because a plugin that runs as another user could not
 * use a private directory of ours.
 *
 * @returns the path; undefined if none was made.
 * @throws PluginError `bad-config`.
 */
export async function makeSocketDir({
  runner,
  unixSocket,
}: Pick<ClientConfig, "runner" | "unixSocket">): Promise<string | undefined> {
  if (runner === undefined && unixSocket?.tempDir === undefined) return undefined;
  let socketDir: string | undefined;
  try {
    socketDir = await mkdtemp(join(unixSocket?.tempDir ?? tmpdir(), "plugin-dir"));
    if (unixSocket?.group) {
      await chown(socketDir, process.getuid?.() ?? -1, groupId(unixSocket.group));
      await chmod(socketDir, 0o770);
    }
    return socketDir;
  } catch (cause) {
    removeSocketDir(socketDir);
    const text = `plugin: cannot make a directory for sockets: ${(cause as Error).message}`;
    throw new PluginError("bad-config", text, { phase: "start", cause });
  }
}

/** Removes the directory and whatever the plugin left in it. Synchronous, because our process may be exiting. */
export function removeSocketDir(socketDir: string | undefined): void {
  if (socketDir === undefined) return;
  try {
    rmSync(socketDir, { recursive: true, force: true });
  } catch {
    // It holds files of another user. There is no caller to tell.
  }
}
