/** The table of stream states, written out once more. */
import assert from "node:assert/strict";
import test from "node:test";
import { nextState, type StreamEvent, type StreamState } from "../../mux/stream-state.js";

const EVENTS: StreamEvent[] = [
  "sendSYN",
  "recvSYN",
  "sendACK",
  "recvACK",
  "sendFIN",
  "recvFIN",
  "reset",
  "drop",
];

// One row per state, one column per event above; "-" is not allowed.
const TABLE: Record<StreamState, string> = {
  Init: "SYNSent SYNReceived - - - - Reset Closed",
  SYNSent: "- - - Established LocalClose RemoteClose Reset Closed",
  SYNReceived: "- - Established SYNReceived LocalClose RemoteClose Reset Closed",
  Established: "- - - Established LocalClose RemoteClose Reset Closed",
  LocalClose: "- - - LocalClose - Closed Reset Closed",
  RemoteClose: "- - - RemoteClose Closed - Reset Closed",
  Closed: "- - - - - - - -",
  Reset: "- - - - - - - -",
};

for (const [state, row] of Object.entries(TABLE) as [StreamState, string][]) {
  test(`[YAMUX-30] from ${state}`, () => {
    const seen = EVENTS.map((event) => nextState(state, event) ?? "-");
    assert.equal(seen.join(" "), row);
  });
}
