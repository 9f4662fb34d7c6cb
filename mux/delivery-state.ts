/** The states of delivering a stream's bytes to its handler, and what leads from one to the next. */

/** Where bytes that arrive go. */
export type DeliveryState =
  /** There is no handler: what arrives is kept. */
  | "idle"
  /** The same, and paused: a handler that starts gets nothing until it resumes. */
  | "idlePaused"
  /** What arrives goes to the handler at once. */
  | "flowing"
  /** The handler wants nothing: what arrives is kept. */
  | "paused"
  /** What was kept is being given to the handler; what arrives meanwhile is kept behind it. */
  | "draining"
  /** The handler paused while it took a kept piece: that piece is the last one for now. */
  | "drainingPaused"
  /** The handler was told the end, and is told nothing more. */
  | "over";

/** What the session or the user of a stream did. */
export type DeliveryEvent =
  /** There is a handler. */
  | "start"
  | "pause"
  | "resume"
  /** Bytes are kept and may flow: the loop that gives them begins. */
  | "drain"
  /** The loop ended: nothing is kept, or the handler paused. */
  | "drained"
  /** The handler is told the end. */
  | "tellEnd";

type Row = { readonly [E in DeliveryEvent]?: DeliveryState };

/**
 * A pause before there is a handler counts. Draining has two states, because a handler may pause and resume
 * inside `onData`: then the loop that runs already goes on, and no second loop begins inside it.
 */
const TABLE: { readonly [S in DeliveryState]: Row } = {
  idle: { start: "flowing", pause: "idlePaused", resume: "idle" },
  idlePaused: { start: "paused", pause: "idlePaused", resume: "idle" },
  flowing: { pause: "paused", resume: "flowing", drain: "draining", tellEnd: "over" },
  paused: { pause: "paused", resume: "flowing", tellEnd: "over" },
  draining: { pause: "drainingPaused", resume: "draining", drained: "flowing" },
  drainingPaused: { pause: "drainingPaused", resume: "draining", drained: "paused" },
  over: { pause: "over", resume: "over" },
};

/** The state after `event`, or undefined where the event cannot come: it is a bug there. */
export function nextDelivery(
  state: DeliveryState,
  event: DeliveryEvent,
): DeliveryState | undefined {
  return TABLE[state][event];
}
