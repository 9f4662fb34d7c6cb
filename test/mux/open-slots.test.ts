/** Opens that wait for a free place. */
import assert from "node:assert/strict";
import test from "node:test";
import { yamuxError } from "../../mux/errors.js";
import type { Stream } from "../../mux/index.js";
import { OpenSlots } from "../../mux/open-slots.js";
import { muxError } from "./helpers.js";

test("[YAMUX-4] when the ids are used up, opens that wait fail like those that do not", async () => {
  let left = 1;
  const slots: OpenSlots = new OpenSlots({
    limit: 1,
    timeoutMs: 0,
    open: () => {
      if (left === 0) throw yamuxError("streams-exhausted");
      left -= 1;
      slots.add(1);
      return {} as Stream;
    },
    onTimeout: () => assert.fail(),
  });
  await slots.open({});
  const waiting = slots.open({});
  slots.release(1);
  await assert.rejects(waiting, muxError("streams-exhausted", "yamux: streams exhausted"));
  await assert.rejects(slots.open({}), muxError("streams-exhausted"));
});
