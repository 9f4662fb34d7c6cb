/** A plugin's end of any open connection, without a process or a listener: for programs that have their own. */
import type { Duplex, Readable } from "node:stream";
import { assertPluginSet } from "../contract/check-config.js";
import type { ServerPluginSet } from "../contract/plugin.js";
import { transportOf } from "../net/socket.js";
import { guarded, type Logger } from "../observe/logger.js";
import { outputStream } from "./output-stream.js";
import { PluginConnection } from "./plugin-connection.js";
import { SyncOutput } from "./sync-output.js";

/** Options of {@link pluginConn}. */
export interface PluginConnOptions {
  /** What is served, by name. */
  readonly plugins: ServerPluginSet;
  /** What the host gets as the plugin's stdout. It is read as fast as the host reads. Default: nothing. */
  readonly stdout?: Readable;
  /** What the host gets as the plugin's stderr. It is read as fast as the host reads. Default: nothing. */
  readonly stderr?: Readable;
  /** Gets the failures that no caller sees, and the errors of handlers with their stacks. Default: they are dropped. */
  readonly logger?: Logger;
  /**
   * Whether a contract must have exactly the fields of the host's types. If not, the call fails with CodecError
   * `type-mismatch`, reason `fields`, as a ServerError at the host. Default false: differences are logged [GOB-56].
   */
  readonly strict?: boolean;
}

/** A plugin's end of one connection. Go: `RPCServer`. */
export interface PluginConn extends AsyncDisposable {
  /** Resolves when the host said Quit and the answer is on its way. The connection is still open then. */
  readonly quit: Promise<void>;
  /** Resolves when the connection has ended. Never rejects. */
  readonly closed: Promise<void>;
  /** Ends the connection after everything written, and after the output that was read from `stdout` and `stderr`. */
  close(): Promise<void>;
}

/**
 * Serves plugins on an open connection until the host closes it. The duplex keeps the process alive, not this.
 *
 * @throws PluginError `bad-config`. Go: `RPCServer.ServeConn`.
 */
export function pluginConn(duplex: Duplex, options: PluginConnOptions): PluginConn {
  assertPluginSet(options.plugins, "plugins", "server");
  const connection = new PluginConnection(transportOf(duplex), {
    plugins: options.plugins,
    stdout: outputOf(options.stdout, "stdout"),
    stderr: outputOf(options.stderr, "stderr"),
    logger: guarded(options.logger),
    strict: options.strict,
  });
  const closed = connection.serve();
  const close = async () => {
    await connection.drain();
    await connection.close();
  };
  return { quit: connection.quit, closed, close, [Symbol.asyncDispose]: close };
}

/** The source is read as fast as the host reads, so nothing is lost. */
function outputOf(source: Readable | undefined, name: "stdout" | "stderr"): SyncOutput {
  const output = new SyncOutput({ name });
  source?.pipe(outputStream(output), { end: false });
  return output;
}
