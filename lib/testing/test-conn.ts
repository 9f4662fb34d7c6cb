/** Bare sockets, and net/rpc over them, on loopback. */
import { connect, createServer, type Socket } from "node:net";
import { fromDuplex } from "../../mux/duplex.js";
import { RpcClient, RpcServer, type Service } from "../../protocol/netrpc/index.js";

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
