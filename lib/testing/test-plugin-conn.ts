/** A host and a plugin joined in memory, without a process or socket. */
import type { Writable } from "node:stream";
import { assertPluginSet } from "../contract/check-config.js";
import type { ClientPluginSet, ServerPluginSet } from "../contract/plugin.js";
import { HostConnection } from "../host/host-connection.js";
import { KeepAlive } from "../keep-alive.js";
import { memoryPair } from "../net/memory-pair.js";
import { guarded, type Logger } from "../observe/logger.js";
import { outputStream } from "../plugin/output-stream.js";
import { PluginConnection } from "../plugin/plugin-connection.js";
import { SyncOutput } from "../plugin/sync-output.js";

/** Options of {@link testPluginConn}. */
export interface TestOptions {
  /** Gets what is written to `stdout` of the result, as a host's `syncStdout` does. Default: it is dropped. */
  readonly syncStdout?: Writable;
  /** Gets what is written to `stderr` of the result, as a host's `syncStderr` does. Default: it is dropped. */
  readonly syncStderr?: Writable;
  /** Gets goplug's own records of both ends. Default: none. */
  readonly logger?: Logger;
  /** Whether the contracts of both ends must have exactly the same fields. Default false. */
  readonly strict?: boolean;
}

/** The two ends. Disposing closes both. */
export interface TestPluginConn<P extends ClientPluginSet> extends AsyncDisposable {
  /** The host's end: `dispense`, `ping`, `quit`. */
  readonly client: HostConnection<P>;
  /** What is written here arrives as the plugin's stdout. */
  readonly stdout: Writable;
  /** What is written here arrives as the plugin's stderr. */
  readonly stderr: Writable;
  /** Resolves when the host said Quit. */
  readonly quit: Promise<void>;
}

/**
 * Joins a host and a plugin that serves `plugins`, with control, stdio and broker. Dispose the result at the end
 * of the test. @throws PluginError `bad-config`. Go: `TestPluginRPCConn`.
 */
export async function testPluginConn<P extends ClientPluginSet & ServerPluginSet>(
  plugins: P,
  options: TestOptions = {},
): Promise<TestPluginConn<P>> {
  assertPluginSet(plugins, "plugins", "client");
  assertPluginSet(plugins, "plugins", "server");
  const [hostEnd, pluginEnd] = memoryPair();
  const stdout = new SyncOutput({ name: "stdout" });
  const stderr = new SyncOutput({ name: "stderr" });
  const logger = guarded(options.logger);
  const server = new PluginConnection(pluginEnd, {
    plugins,
    stdout,
    stderr,
    logger,
    strict: options.strict,
  });
  server.serve();
  const client = await HostConnection.open(hostEnd, {
    plugins,
    ...options,
    logger,
    keepAlive: new KeepAlive(),
  });
  return {
    client,
    stdout: outputStream(stdout),
    stderr: outputStream(stderr),
    quit: server.quit,
    [Symbol.asyncDispose]: async () => {
      await client.close();
      await server.close();
    },
  };
}
