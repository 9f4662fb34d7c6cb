/** A plugin's listening socket. */
// Without node:crypto and node:fs/promises, which add 7 ms to a start.
import { chmodSync, chownSync, existsSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Environment, GO_PLUGIN_ENV } from "../../protocol/handshake/index.js";
import { PluginError } from "../errors.js";
import { groupId } from "./group-id.js";
import { type Address, assertSocketPath } from "./socket.js";

/** A socket that listens at its address. */
export interface Listener extends Address {
  /** Emits `connection`. */
  readonly server: Server;
  /** Stops listening and removes a unix socket's file. Connections stay open. */
  close(): Promise<void>;
}

/**
 * Opens a unix socket, or a TCP port in the host's range [HANDSHAKE-13].
 *
 * @param env - says where: the directory and the group of the unix socket, or the range of ports.
 * @param network - default: `tcp` on Windows, `unix` elsewhere.
 * @throws PluginError `listen-failed`, `path-too-long`, `bad-config`. Go: `serverListener`.
 */
export async function openListener(
  env: Environment,
  network: Address["network"] = process.platform === "win32" ? "tcp" : "unix",
): Promise<Listener> {
  const server = createServer({ noDelay: true });
  return network === "tcp" ? listenTcp(server, env) : listenUnix(server, env);
}

async function listenUnix(server: Server, env: Environment): Promise<Listener> {
  const directory = env[GO_PLUGIN_ENV.unixSocketDir] || tmpdir();
  const path = join(directory, `plugin${randomDigits()}`);
  assertSocketPath(path, "serve");
  const failure = await listen(server, { path });
  if (failure !== undefined) throw listenFailed(`unix ${path}`, plainer(failure, directory));
  const group = env[GO_PLUGIN_ENV.unixSocketGroup];
  if (group) await admitGroup(server, path, group);
  return { network: "unix", address: path, server, close: () => close(server) };
}

/** Node says "permission denied" where there is no directory. */
const plainer = (failure: Error, directory: string): Error =>
  existsSync(directory)
    ? failure
    : new Error(`there is no directory ${directory}`, { cause: failure });

/** Lets the members of a group connect, because a plugin may run as another user than its host. */
async function admitGroup(server: Server, path: string, group: string): Promise<void> {
  try {
    chownSync(path, process.getuid?.() ?? -1, groupId(group));
    chmodSync(path, 0o660);
  } catch (cause) {
    await close(server);
    throw listenFailed(`unix ${path}`, cause as Error);
  }
}

/** Easy to guess, which does no harm: listening on a name that exists fails. */
const randomDigits = (): number => Math.floor(1e9 + 9e9 * Math.random());

async function listenTcp(server: Server, env: Environment): Promise<Listener> {
  const min = port(env, GO_PLUGIN_ENV.minPort);
  const max = port(env, GO_PLUGIN_ENV.maxPort);
  if (min > max) {
    throw listenFailed(
      "tcp",
      new Error(`PLUGIN_MIN_PORT value of ${min} is greater than PLUGIN_MAX_PORT value of ${max}`),
    );
  }
  for (let candidate = min; candidate <= max; candidate++) {
    if ((await listen(server, { host: "127.0.0.1", port: candidate })) !== undefined) continue;
    const bound = server.address() as { port: number };
    const address = `127.0.0.1:${bound.port}`;
    return { network: "tcp", address, server, close: () => close(server) };
  }
  throw listenFailed("tcp", new Error("couldn't bind plugin TCP listener"));
}

function port(env: Environment, name: string): number {
  const text = env[name] ?? "";
  // Unset means 0, and port 0 lets the system choose.
  if (text === "") return 0;
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65535) return Number(text);
  throw listenFailed("tcp", new Error(`couldn't get value from ${name}: ${JSON.stringify(text)}`));
}

/** Listens. Resolves with the error if that fails. */
function listen(
  server: Server,
  where: { path: string } | { host: string; port: number },
): Promise<Error | undefined> {
  return new Promise((resolve) => {
    const onError = (error: Error) => resolve(error);
    server.once("error", onError);
    server.listen(where, () => {
      server.off("error", onError);
      // When accepting a connection fails, for instance without free descriptors, the process must go on.
      server.on("error", () => {});
      resolve(undefined);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    // The callback waits for the connections too. The socket itself is closed by now.
    setImmediate(resolve);
  });
}

const listenFailed = (where: string, cause: Error): PluginError =>
  new PluginError("listen-failed", `plugin: cannot listen on ${where}: ${cause.message}`, {
    phase: "serve",
    cause,
  });
