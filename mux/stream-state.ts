/** Go's eight stream states and what leads from one to the next [YAMUX-30]. */

/** The state of a stream, in Go's words. `Closed` and `Reset` are final. */
export type StreamState =
  /** Made by open, nothing sent. */
  | "Init"
  /** Our SYN is out. */
  | "SYNSent"
  /** The peer's SYN is in, no ACK sent. */
  | "SYNReceived"
  /** Both directions are open. */
  | "Established"
  /** We sent FIN. */
  | "LocalClose"
  /** We received FIN. */
  | "RemoteClose"
  /** Both sides sent FIN, or the session ended. */
  | "Closed"
  /** One side sent RST. */
  | "Reset";

/** What we or the peer did with a stream. */
export type StreamEvent =
  | "sendSYN"
  | "recvSYN"
  | "sendACK"
  | "recvACK"
  | "sendFIN"
  | "recvFIN"
  /** RST, sent or received. */
  | "reset"
  /** The session ended, or the close timeout passed. */
  | "drop";

type Row = { readonly [E in StreamEvent]?: StreamState };

const OVER = { reset: "Reset", drop: "Closed" } as const;

const TABLE: { readonly [S in StreamState]: Row } = {
  Init: { sendSYN: "SYNSent", recvSYN: "SYNReceived", ...OVER },
  SYNSent: {
    recvACK: "Established",
    sendFIN: "LocalClose",
    recvFIN: "RemoteClose",
    ...OVER,
  },
  SYNReceived: {
    sendACK: "Established",
    recvACK: "SYNReceived",
    sendFIN: "LocalClose",
    recvFIN: "RemoteClose",
    ...OVER,
  },
  Established: {
    recvACK: "Established",
    sendFIN: "LocalClose",
    recvFIN: "RemoteClose",
    ...OVER,
  },
  LocalClose: { recvACK: "LocalClose", recvFIN: "Closed", ...OVER },
  RemoteClose: { recvACK: "RemoteClose", sendFIN: "Closed", ...OVER },
  Closed: {},
  Reset: {},
};

/**
 * The state after `event`, or undefined where the protocol does not allow it [YAMUX-30]. An event of the peer
 * is a violation there; an event of our own is a bug.
 */
export function nextState(state: StreamState, event: StreamEvent): StreamState | undefined {
  return TABLE[state][event];
}
