/** The environment between host and plugin: what the host sets, and how the plugin reads it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkCookie, negotiateVersion, pluginEnv } from "../../../protocol/handshake/index.js";

const cookie = { magicCookieKey: "COOKIE", magicCookieValue: "yes" };
const offer = { cookie, appVersions: [3, 1], minPort: 10000, maxPort: 25000 };

test("[HANDSHAKE-8] the host sets cookie, ports and versions", () => {
  assert.deepEqual(pluginEnv({}, {}, offer), {
    COOKIE: "yes",
    PLUGIN_MIN_PORT: "10000",
    PLUGIN_MAX_PORT: "25000",
    PLUGIN_PROTOCOL_VERSIONS: "3,1",
  });
});

test("[HANDSHAKE-9] inherited PLUGIN_ variables are dropped, the user's win over inherited ones", () => {
  const env = pluginEnv(
    { PLUGIN_CLIENT_CERT: "outer", HOME: "/h", A: "1", B: "1", UNSET: undefined },
    { A: "2", B: undefined, COOKIE: "no" },
    offer,
  );
  assert.equal(env.PLUGIN_CLIENT_CERT, undefined);
  assert.equal(env.HOME, "/h");
  assert.equal(env.A, "2");
  assert.equal("B" in env, false);
  assert.equal("UNSET" in env, false);
  assert.equal(env.COOKIE, "yes");
});

test("[HANDSHAKE-10] the cookie is compared exactly", () => {
  assert.equal(checkCookie({ COOKIE: "yes" }, cookie), undefined);
  assert.equal(checkCookie({ COOKIE: "Yes" }, cookie), "not-a-host");
  assert.equal(checkCookie({}, cookie), "not-a-host");
  assert.equal(checkCookie({}, { ...cookie, magicCookieKey: "" }), "misconfigured");
  assert.equal(checkCookie({}, { ...cookie, magicCookieValue: "" }), "misconfigured");
});

const choices: [list: string | undefined, served: number[], version: number, invalid: string[]][] =
  [
    ["1,2,3", [1, 3], 3, []],
    ["2,1", [1, 2, 3], 2, []],
    ["9", [2, 5], 2, []],
    ["", [4], 4, []],
    [undefined, [4, 7], 4, []],
    ["x,2,", [1, 2], 2, ["x", ""]],
  ];
for (const [list, served, version, invalid] of choices) {
  test(`[HANDSHAKE-11] of ${served} a plugin takes ${version} when offered ${list}`, () => {
    const chosen = negotiateVersion({ PLUGIN_PROTOCOL_VERSIONS: list }, served);
    assert.deepEqual(chosen, { version, invalid });
  });
}
