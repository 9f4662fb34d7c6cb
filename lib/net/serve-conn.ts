/** Serving net/rpc on connections as they come. */
import { createServer, type ListenOptions, type Server, type Socket } from "node:net";
import type { ByteConn } from "../../protocol/bytes/conn.js";
import type { RpcServer, ServeConnOptions, ServerCodec } from "../../protocol/netrpc/index.js";

/** How connections are served. */
export interface ServeOptions extends Omit<ServeConnOptions, "codec"> {
  /**
   * Makes the codec of each new connection, because a codec remembers its stream: `() => jsonServerCodec()`.
   * Default: gob.
   */
  readonly newCodec?: () => ServerCodec;
}

/** Serves one connection, with a codec of its own. Resolves as {@link RpcServer.serveConn}. */
export function serveConn(
  server: RpcServer,
  conn: ByteConn,
  { newCodec, ...options }: ServeOptions = {},
): Promise<void> {
  return server.serveConn(
    conn,
    newCodec === undefined ? options : { ...options, codec: newCodec() },
  );
}

/** Listens. Resolves with the Node server, which the caller must close; rejects with Node's error. */
export function listenWith(
  onSocket: (socket: Socket) => void,
  where: ListenOptions,
): Promise<Server> {
  return new Promise((resolve, reject) => {
    const listener = createServer({ noDelay: true }, onSocket);
    listener.once("error", reject);
    listener.listen(where, () => {
      listener.off("error", reject);
      resolve(listener);
    });
  });
}
