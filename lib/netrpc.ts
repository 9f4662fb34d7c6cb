/** `goplug/netrpc`: Go's net/rpc, client and server, over any duplex connection. */

import type { ListenOptions, Server } from "node:net";
import type { Duplex } from "node:stream";
import { RpcClient, type RpcClientOptions, type RpcServer } from "../protocol/netrpc/index.js";
import { listenWith, type ServeOptions, serveConn } from "./net/serve-conn.js";
import { type Address, connectSocket, transportOf } from "./net/socket.js";

export {
  CodecError,
  type CodecErrorCode,
  type CodecErrorFacts,
  isCodecError,
  isRpcError,
  isServerError,
  RpcError,
  type RpcErrorCode,
  type RpcErrorFacts,
  ServerError,
} from "../protocol/errors.js";
export * from "../protocol/netrpc/index.js";
export {
  isPluginError,
  PluginError,
  type PluginErrorCode,
  type PluginErrorFacts,
} from "./errors.js";
export {
  DEFAULT_RPC_PATH,
  type DialHttpOptions,
  dialHttp,
  type HttpPath,
  listenHttp,
  type ServeHttpOptions,
  serveHttp,
} from "./net/http-connect.js";
export type { ServeOptions } from "./net/serve-conn.js";

/**
 * Connects to an address and makes a client on the connection.
 *
 * @throws PluginError `connect-failed`. Go: `rpc.Dial`.
 */
export async function dial(address: Address, options?: RpcClientOptions): Promise<RpcClient> {
  return new RpcClient(await connectSocket(address), options);
}

/** Makes a client on an open duplex stream: a socket, a TLS socket, the pipes of a child. Go: `rpc.NewClient`. */
export const newClient = (duplex: Duplex, options?: RpcClientOptions): RpcClient =>
  new RpcClient(transportOf(duplex), options);

/**
 * Serves one open duplex stream. Resolves when it has ended and the handlers that were running have ended
 * too; never rejects. Go: `Server.ServeConn`, `Server.ServeCodec`.
 */
export const serveDuplex = (
  server: RpcServer,
  duplex: Duplex,
  options?: ServeOptions,
): Promise<void> => serveConn(server, transportOf(duplex), options);

/**
 * Listens and serves every connection. Resolves with the Node server, which the caller must close; rejects
 * with Node's error when it cannot listen. Go: `Server.Accept`.
 */
export function listen(
  server: RpcServer,
  where: ListenOptions,
  options?: ServeOptions,
): Promise<Server> {
  return listenWith((socket) => void serveDuplex(server, socket, options), where);
}
