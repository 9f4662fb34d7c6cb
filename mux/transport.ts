/** What a session needs of the connection below it. Only a type: the mux layer knows no sockets. */

import type { ByteConn } from "../protocol/bytes/conn.js";

/**
 * A byte connection whose writes can be gathered: what is written between `cork` and `uncork` leaves
 * in one system call where the platform allows it. See {@link fromDuplex}.
 *
 * The chunks given to `onData` are borrowed: valid during the call only. The handler may be called from
 * inside `uncork`, never from inside `write`.
 */
export interface Transport extends ByteConn {
  /** Holds back what is written, until {@link uncork}. */
  cork(): void;
  /** Sends what was held back. */
  uncork(): void;
  /**
   * Calls back when what is below has taken everything written until now, or takes nothing any more. A connection
   * without this method takes everything at once.
   */
  whenTaken?(onTaken: () => void): void;
}
