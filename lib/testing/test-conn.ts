/** Bare sockets, and net/rpc over them, on loopback. */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { fromDuplex } from "../../mux/duplex-transport.js";
import { RpcClient, RpcServer, type Service } from "../../protocol/netrpc/index.js";

/** Two ends of a TCP connection on loopback. Destroy both at the end of the test. Go: `TestConn`. */
export async function testConn(): Promise<[client: Socket, server: Socket]> {
  const listener = createServer({ noDelay: true });
  try {
    listener.listen(0, "127.0.0.1");
    await once(listener, "listening");
    const { port } = listener.address() as AddressInfo;
    const client = connect({ port, host: "127.0.0.1", noDelay: true });
    const [[server]] = await Promise.all([once(listener, "connection"), once(client, "connect")]);
    return [client, server];
  } finally {
    // It has its one connection, and must not keep the test alive.
    listener.close();
  }
}

/** A net/rpc client and its server. Disposing closes both. */
export interface TestRpcConn extends AsyncDisposable {
  /** Calls `server`. */
  readonly client: RpcClient;
  /** More services can be registered on it. */
  readonly server: RpcServer;
}

/**
 * A net/rpc client and a server joined by TCP on loopback. Dispose the result at the end of the test.
 *
 * @param services - by the name under which the client calls them.
 * Go: `TestRPCConn`.
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
