/** The table of delivery states, written out once more. */
import assert from "node:assert/strict";
import test from "node:test";
import { type DeliveryEvent, type DeliveryState, nextDelivery } from "../../mux/delivery-state.js";

const EVENTS: DeliveryEvent[] = ["start", "pause", "resume", "drain", "drained", "tellEnd"];

// One row per state, one column per event above; "-" cannot come.
const TABLE: Record<DeliveryState, string> = {
  idle: "flowing idlePaused idle - - -",
  idlePaused: "paused idlePaused idle - - -",
  flowing: "- paused flowing draining - over",
  paused: "- paused flowing - - over",
  draining: "- drainingPaused draining - flowing -",
  drainingPaused: "- drainingPaused draining - paused -",
  over: "- over over - - -",
};

for (const [state, row] of Object.entries(TABLE) as [DeliveryState, string][]) {
  test(`[YAMUX-24] delivery that is ${state}`, () => {
    const seen = EVENTS.map((event) => nextDelivery(state, event) ?? "-");
    assert.equal(seen.join(" "), row);
  });
}
