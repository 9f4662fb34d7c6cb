/** The arithmetic of the two windows, without a session. */
import assert from "node:assert/strict";
import test from "node:test";
import { RecvWindow, SendWindow } from "../../mux/flow-window.js";

const INITIAL = 262144;
const MIB = 2 ** 20;

test("[YAMUX-20] both windows start with 256 KiB whatever the setting", () => {
  assert.equal(new SendWindow().bytes, INITIAL);
  assert.equal(new RecvWindow(INITIAL).remaining, INITIAL);
  assert.equal(new RecvWindow(16 * MIB).remaining, INITIAL);
});

test("[YAMUX-25] credit beyond 2^32-1 counts as 2^32-1", () => {
  const window = new SendWindow();
  window.grant(0xffffffff);
  assert.equal(window.bytes, 0xffffffff);
  window.take(100);
  assert.equal(window.bytes, 0xffffffff - 100);
});

test("[YAMUX-22] exactly filling the window is fine, one byte more is not", () => {
  const window = new RecvWindow(INITIAL);
  assert.equal(window.receive(INITIAL), true);
  assert.equal(window.receive(0), true);
  assert.equal(window.receive(1), false);
  assert.equal(new RecvWindow(INITIAL).receive(INITIAL + 1), false);
});

test("[YAMUX-23] nothing is granted one byte before half the window, the exact amount from there on", () => {
  const window = new RecvWindow(INITIAL);
  window.receive(200_000);
  window.consume(131_071);
  assert.equal(window.grantWhenDue(), 0);
  window.consume(12);
  assert.equal(window.grantWhenDue(), 131_083);
  assert.equal(window.remaining, INITIAL - 200_000 + 131_083);
  assert.equal(window.grantWhenDue(), 0);
});

test("[YAMUX-11] a larger window is granted whole with the first frame", () => {
  const window = new RecvWindow(MIB);
  assert.equal(window.grantAll(), 0xc0000);
  assert.equal(window.remaining, MIB);
  assert.equal(new RecvWindow(INITIAL).grantAll(), 0);
});

test("[YAMUX-11] bytes that wait already are not granted again", () => {
  const window = new RecvWindow(MIB);
  window.receive(1000);
  assert.equal(window.grantAll(), 0xc0000);
  assert.equal(window.remaining, MIB - 1000);
});

test("[YAMUX-23] with 1 MiB the first credit comes at 512 KiB", () => {
  const window = new RecvWindow(MIB);
  window.grantAll();
  window.receive(MIB);
  window.consume(MIB / 2 - 1);
  assert.equal(window.grantWhenDue(), 0);
  window.consume(1);
  assert.equal(window.grantWhenDue(), MIB / 2);
});
