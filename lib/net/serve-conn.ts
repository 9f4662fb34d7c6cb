import { createServer, type ListenOptions, type Server, type Socket } from "node:net";
import type { ByteConn } from "../../protocol/bytes/conn.js";
import type { RpcServer, ServeConnOptions, ServerCodec } from "../../protocol/netrpc/index.js";

/** How connections are served; each has a codec of its own, because codecs remember their stream. */
export interface ServeOptions extends Omit<ServeConnOptions, "codec"> {
  /** Default: gob. `() => jsonServerCodec()` */
  readonly newCodec?: () => ServerCodec;
}

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

/** Listens; resolves with the Node server, which is the caller's to close, or rejects with its error. */
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
