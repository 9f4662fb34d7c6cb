/** What a session needs of the connection below it. Types only: no socket is known here. */

import type { ByteConn } from "../protocol/bytes/conn.js";

/**
 * A byte connection whose writes can be gathered: what is written between `cork` and `uncork` leaves
 * in one system call where the platform allows it.
 *
 * The chunks given to `onData` are borrowed: valid during the call only. `onData` may be called from
 * inside `uncork`, never from inside `write`.
 */
export interface Transport extends ByteConn {
  cork(): void;
  uncork(): void;
}
