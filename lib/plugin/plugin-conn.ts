/**
 * A plugin's end of go-plugin's connection by itself, over any open connection: for plugins with a listener of
 * their own.
 */
import type { Duplex, Readable } from "node:stream";
import type { ServerPluginSet } from "../contract/plugin.js";
import { transportOf } from "../net/socket.js";
import { guarded, type Logger, NULL_LOGGER } from "../observe/logger.js";
import { PluginConnection } from "./plugin-connection.js";
import { SyncOutput } from "./sync-output.js";

export interface PluginConnOptions {
  readonly plugins: ServerPluginSet;
  /** What goes to the host's sync streams. */
  readonly stdout?: Readable;
  readonly stderr?: Readable;
  readonly logger?: Logger;
}

/** Go: `RPCServer`, for one connection. */
export interface PluginConn extends AsyncDisposable {
  /** Resolves when the host said Quit, which has been answered by then. The connection is still open. */
  readonly quit: Promise<void>;
  /** Resolves when the connection has ended. Never rejects. */
  readonly closed: Promise<void>;
  close(): Promise<void>;
}

/** A plugin's end on `duplex`; serves until the host closes it. Go: `RPCServer.ServeConn`. */
export function pluginConn(duplex: Duplex, options: PluginConnOptions): PluginConn {
  const logger = options.logger === undefined ? NULL_LOGGER : guarded(options.logger);
  let onQuit!: () => void;
  const quit = new Promise<void>((resolve) => {
    onQuit = resolve;
  });
  const connection = new PluginConnection(transportOf(duplex), {
    plugins: options.plugins,
    stdout: outputOf(options.stdout),
    stderr: outputOf(options.stderr),
    onQuit,
    onError: (text, error) => logger.error({ error: String(error) }, text),
  });
  const closed = connection.serve();
  const close = () => connection.close();
  return { quit, closed, close, [Symbol.asyncDispose]: close };
}

function outputOf(source: Readable | undefined): SyncOutput {
  const output = new SyncOutput();
  source?.on("data", (chunk: string | Uint8Array) => output.write(Buffer.from(chunk as string)));
  return output;
}
