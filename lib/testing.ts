/**
 * `goplug/testing`: plugins under test without a process of their own. It needs no particular test runner.
 *
 * - {@link testPluginConn}: host and plugin joined in memory; the quickest.
 * - {@link serveTest}: a plugin served by the test's process on a real socket, for a real `Client`.
 * - {@link testRpcConn}, {@link testConn}: net/rpc, and bare sockets, over loopback.
 */
import { connect, createServer, type Socket } from "node:net";
import type { Writable } from "node:stream";
import { fromDuplex } from "../mux/duplex.js";
import { RpcClient, RpcServer, type Service } from "../protocol/netrpc/index.js";
import { KeepAlive } from "./keep-alive.js";
import { memoryPair } from "./memory-pair.js";
import type { ClientPluginSet, ServerPluginSet } from "./plugin.js";
import { HostConnection } from "./rpc-client.js";
import { PluginConnection } from "./rpc-server.js";
import { SyncOutput } from "./sync-output.js";

export { type ServeTestConfig, serveTest, type TestServer } from "./serve-test.js";

export interface TestOptions {
  /** Gets what is written to `stdout` of the result, as a host's `syncStdout` would. */
  readonly syncStdout?: Writable;
  readonly syncStderr?: Writable;
}

export interface TestPluginConn<P extends ClientPluginSet> extends AsyncDisposable {
  /** The host's end: `dispense`, `ping`, `quit`. */
  readonly client: HostConnection<P>;
  /** The plugin's printed output. */
  readonly stdout: SyncOutput;
  readonly stderr: SyncOutput;
  /** Resolves when the host said Quit. */
  readonly quit: Promise<void>;
}

/**
 * Joins a host and a plugin that serves `plugins`: control, stdio and broker, without a process or
 * socket. Dispose the result at the end of the test. Go: `TestPluginRPCConn`.
 */
export async function testPluginConn<P extends ClientPluginSet & ServerPluginSet>(
  plugins: P,
  options: TestOptions = {},
): Promise<TestPluginConn<P>> {
  const [hostEnd, pluginEnd] = memoryPair();
  const stdout = new SyncOutput();
  const stderr = new SyncOutput();
  let onQuit!: () => void;
  const quit = new Promise<void>((resolve) => {
    onQuit = resolve;
  });
  const server = new PluginConnection(pluginEnd, {
    plugins,
    stdout,
    stderr,
    onQuit,
    onError: () => {},
  });
  server.serve();
  const client = await HostConnection.open(hostEnd, {
    plugins,
    ...options,
    keepAlive: new KeepAlive(),
  });
  return {
    client,
    stdout,
    stderr,
    quit,
    [Symbol.asyncDispose]: async () => {
      await client.close();
      await server.close();
    },
  };
}

/** Two ends of a TCP connection on loopback. Destroy both at the end of the test. Go: `TestConn`. */
export function testConn(): Promise<[client: Socket, server: Socket]> {
  return new Promise((resolve, reject) => {
    const listener = createServer({ noDelay: true });
    listener.once("error", reject);
    listener.listen(0, "127.0.0.1", () => {
      const { port } = listener.address() as { port: number };
      const client = connect({ port, host: "127.0.0.1", noDelay: true });
      client.once("error", reject);
      listener.once("connection", (server: Socket) => {
        // One connection is all: the listener must not keep the test alive.
        listener.close();
        const isOpen = () => {
          client.off("error", reject);
          resolve([client, server]);
        };
        if (client.connecting) client.once("connect", isOpen);
        else isOpen();
      });
    });
  });
}

export interface TestRpcConn extends AsyncDisposable {
  readonly client: RpcClient;
  /** Register services on it, before or after. */
  readonly server: RpcServer;
}

/**
 * A net/rpc client and a server that serves `services` by name, over loopback. Dispose the result at the
 * end of the test. Go: `TestRPCConn`.
 */
export async function testRpcConn(
  services: Readonly<Record<string, Service>> = {},
): Promise<TestRpcConn> {
  const [near, far] = await testConn();
  const server = new RpcServer();
  for (const [name, service] of Object.entries(services)) server.register(name, service);
  const served = server.serveConn(fromDuplex(far));
  const client = new RpcClient(fromDuplex(near));
  return {
    client,
    server,
    [Symbol.asyncDispose]: async () => {
      await client.close();
      await served;
      near.destroy();
      far.destroy();
    },
  };
}
