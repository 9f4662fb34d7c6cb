/** Every state of a client and every event: what follows, and which data the next state holds. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type ClientEvent, type ClientState, nextState } from "../../../lib/host/client-state.js";
import { Remains } from "../../../lib/host/remains.js";
import type { RunningPlugin } from "../../../lib/host/running-plugin.js";

const plugin: RunningPlugin = {
  runner: { id: "1", exited: new Promise(() => {}), handles: [], kill: () => {} },
  address: { network: "unix", address: "/nowhere" },
  protocol: "netrpc",
  version: 1,
  tls: undefined,
  remains: new Remains({}),
};
const start = Promise.resolve(plugin);
const abort = new AbortController();
const killed = Promise.resolve({ outcome: "exited" } as const);
const again = Promise.resolve({ outcome: "exited" } as const);
const error = new Error("failed");
const gone = new Error("killed");

const STATES: { readonly [N in ClientState["name"]]: Extract<ClientState, { readonly name: N }> } =
  {
    idle: { name: "idle" },
    starting: { name: "starting", start, abort },
    aborting: { name: "aborting", start, killed },
    running: { name: "running", plugin },
    ending: { name: "ending", plugin, killed },
    ended: { name: "ended", plugin, killed },
    failed: { name: "failed", error, killed },
  };

const EVENTS: { readonly [T in ClientEvent["type"]]: Extract<ClientEvent, { readonly type: T }> } =
  {
    start: { type: "start", start, abort },
    up: { type: "up", plugin },
    fail: { type: "fail", error },
    exit: { type: "exit" },
    kill: { type: "kill", killed: again, error: gone },
    done: { type: "done" },
  };

// One row per state, one column per event above; "-" cannot happen.
const TABLE: { readonly [N in ClientState["name"]]: string } = {
  idle: "starting - - - failed -",
  starting: "- running failed starting aborting -",
  aborting: "- ending failed aborting - -",
  running: "- - - ended ending -",
  ending: "- - - ended - ended",
  ended: "- - - ended ended ended",
  failed: "- - - failed failed failed",
};

for (const [name, row] of Object.entries(TABLE) as [ClientState["name"], string][]) {
  test(`a client that is ${name}`, () => {
    const seen = Object.values(EVENTS).map((event) => nextState(STATES[name], event)?.name ?? "-");
    assert.equal(seen.join(" "), row);
  });
}

const CARRIED: readonly [from: ClientState, event: ClientEvent, to: ClientState][] = [
  [STATES.idle, EVENTS.start, { name: "starting", start, abort }],
  [STATES.idle, EVENTS.kill, { name: "failed", error: gone, killed: again }],
  [STATES.starting, EVENTS.up, { name: "running", plugin }],
  [STATES.starting, EVENTS.fail, { name: "failed", error, killed: undefined }],
  [STATES.starting, EVENTS.exit, STATES.starting],
  [STATES.starting, EVENTS.kill, { name: "aborting", start, killed: again }],
  [STATES.aborting, EVENTS.up, { name: "ending", plugin, killed }],
  [STATES.aborting, EVENTS.fail, { name: "failed", error, killed }],
  [STATES.aborting, EVENTS.exit, STATES.aborting],
  [STATES.running, EVENTS.exit, { name: "ended", plugin, killed: undefined }],
  [STATES.running, EVENTS.kill, { name: "ending", plugin, killed: again }],
  [STATES.ending, EVENTS.exit, { name: "ended", plugin, killed }],
  [STATES.ending, EVENTS.done, { name: "ended", plugin, killed }],
  [STATES.ended, EVENTS.exit, STATES.ended],
  [STATES.ended, EVENTS.kill, { name: "ended", plugin, killed: again }],
  [STATES.ended, EVENTS.done, STATES.ended],
  [STATES.failed, EVENTS.exit, STATES.failed],
  [STATES.failed, EVENTS.kill, { name: "failed", error, killed: again }],
  [STATES.failed, EVENTS.done, STATES.failed],
];

test("each state takes over what it needs from the state before and from the event", () => {
  for (const [from, event, to] of CARRIED) {
    const next = nextState(from, event);
    const what = `${from.name}, ${event.type}`;
    assert.deepEqual(Object.keys(next ?? {}).sort(), Object.keys(to).sort(), what);
    for (const [key, value] of Object.entries(to)) {
      assert.equal(next?.[key as keyof ClientState], value, `${what}: ${key}`);
    }
  }
  const cells = Object.values(TABLE).flatMap((row) => row.split(" "));
  assert.equal(CARRIED.length, cells.filter((cell) => cell !== "-").length);
});
