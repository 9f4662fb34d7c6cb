/** Orders of events that only a stream without a session shows: a frame that ends the session while it is sent. */
import assert from "node:assert/strict";
import test from "node:test";
import { verifyConfig } from "../../mux/config.js";
import { TYPE } from "../../mux/frame.js";
import { FrameWriter } from "../../mux/frame-writer.js";
import { StreamCore, type StreamLink } from "../../mux/stream-core.js";
import type { Transport } from "../../mux/transport.js";
import { settle } from "./helpers.js";

const nothing = (): void => {};
const OVER = new Error("the session is over");

/** A connection that takes one write and is full from then on. */
const FULL: Transport = {
  start: nothing,
  write: () => false,
  cork: nothing,
  uncork: nothing,
  pause: nothing,
  resume: nothing,
  end: nothing,
  destroy: nothing,
};

/** A stream whose session ends as soon as one more control frame is queued. */
function brink(settings: Partial<StreamLink> = {}) {
  let overflows = 0;
  let onOverflow = (): void => {
    overflows += 1;
  };
  const writer = new FrameWriter(FULL, () => onOverflow());
  const config = verifyConfig({ streamCloseTimeoutMs: 1000 });
  const link: StreamLink = {
    config,
    writer,
    onTaken: nothing,
    abandon: () => false,
    whenAnswered: nothing,
    onHalfClosed: nothing,
    onOver: nothing,
  };
  const stream: StreamCore = new StreamCore(1, { ...link, ...settings });
  stream.receiveSyn();
  stream.sendAck(true);
  const ends: (Error | undefined)[] = [];
  stream.start({ onData: nothing, onEnd: (error) => ends.push(error) });
  writer.flush();
  while (overflows === 0) writer.control(TYPE.Ping, 0, 0, 0);
  onOverflow = () => stream.drop(OVER);
  return { stream, ends };
}

test("[YAMUX-9] [YAMUX-34] a reset that ends the session because there is no room is still a reset", async () => {
  const { stream, ends } = brink();
  const reason = new Error("enough");
  stream.destroy(reason);
  await settle(1);
  assert.equal(stream.state, "Reset");
  assert.deepEqual(ends, [reason]);
});

test("[YAMUX-9] [YAMUX-35] a close timeout that ends the session because there is no room is still a close timeout", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { stream, ends } = brink();
  stream.end();
  t.mock.timers.tick(1000);
  await settle();
  assert.equal(stream.state, "Closed");
  assert.deepEqual(
    ends.map((error) => /did not close it within 1000 ms/.test(String(error))),
    [true],
  );
});

test("[YAMUX-31] [YAMUX-45] an RST whose ACK ended the session changes nothing", () => {
  const { stream, ends } = brink({ onTaken: (taken) => taken.drop(OVER) });
  stream.receiveAck();
  stream.receiveReset();
  assert.equal(stream.state, "Closed");
  assert.deepEqual(ends, [OVER]);
});

test("[YAMUX-45] a stream that its user gave up is not dropped again with the session", async () => {
  const { stream, ends } = brink();
  stream.destroy();
  stream.drop(OVER);
  await settle(1);
  assert.equal(stream.state, "Reset");
  assert.deepEqual(
    ends.map((error) => (error as { code?: string }).code),
    ["stream-closed"],
  );
});

test("[YAMUX-30] an event that the state does not allow is a bug and throws", () => {
  const { stream } = brink();
  assert.throws(() => stream.receiveSyn(), /recvSYN in state Established of stream 1/);
});
