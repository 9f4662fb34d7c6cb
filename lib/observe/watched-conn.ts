/** The gob of a net/rpc connection, for traces. */
import type { ByteConn } from "../../protocol/bytes/conn.js";
import { StreamDump } from "../../protocol/gob/stream-dump.js";
import { TappedConn } from "./tapped-conn.js";
import { tracer } from "./trace.js";

/** `conn` with its gob traced in both directions. The same connection when gob is not traced. */
export function watchedConn(conn: ByteConn): ByteConn {
  const say = tracer("gob");
  if (say === undefined) return conn;
  const received = new StreamDump((text) => say(`received\n${text}`));
  const sent = new StreamDump((text) => say(`sent\n${text}`));
  return new TappedConn(conn, {
    onIn: (chunk) => received.push(chunk),
    onOut: (chunk) => sent.push(chunk),
  });
}
