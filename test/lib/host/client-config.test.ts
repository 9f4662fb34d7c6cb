/** Configurations that contradict themselves. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { lifeClient } from "../../helpers/hosts/life-client.js";

const contradictions: [title: string, config: object, text: RegExp][] = [
  ["no way to get a plugin", {}, /^exactly one of Cmd, or Reattach, or RunnerFunc must be set/],
  [
    "two ways",
    { command: ["x"], runner: () => {} },
    /^exactly one of Cmd, or Reattach, or RunnerFunc must be set/,
  ],
  [
    "a checksum and reattach",
    { reattach: {}, secureConfig: { checksum: new Uint8Array(1) } },
    /^only one of Reattach or SecureConfig can be set/,
  ],
  [
    "ports the wrong way round",
    { command: ["x"], minPort: 2, maxPort: 1 },
    /minPort 2 is above maxPort 1/,
  ],
];
for (const [title, config, message] of contradictions) {
  test(`a configuration with ${title} is refused`, (t) => {
    assert.throws(() => lifeClient(t, config), {
      code: "bad-config",
      message,
    });
  });
}

test("a configuration is checked in Go's order", (t) => {
  const reattach = { address: { network: "tcp", address: ":1" }, pid: 1 };
  const secureConfig = { checksum: new Uint8Array(32) };
  const all = { command: ["x"], reattach, runner: () => {}, secureConfig, autoMtls: true };
  const ways = /^exactly one of Cmd, or Reattach, or RunnerFunc must be set/;
  const refused = (config: object, message: RegExp) =>
    assert.throws(() => lifeClient(t, config), {
      code: "bad-config",
      message,
    });
  refused(all, ways);
  refused({ secureConfig, autoMtls: true }, ways);
  refused({ reattach, secureConfig, autoMtls: true }, /^only one of Reattach or SecureConfig/);
});

test("an empty command is refused before anything starts", (t) => {
  assert.throws(() => lifeClient(t, { command: [] }), {
    code: "bad-config",
  });
});
