/** What all error classes have in common. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { CodecError, HandshakeError, MuxError, PluginError, RpcError, ServerError } from "goplug";

const CLASSES: Readonly<Record<string, (facts: object) => Error>> = {
  PluginError: (facts) => new PluginError("ended", "text", { phase: "kill", ...facts }),
  HandshakeError: (facts) => new HandshakeError("bad-address", "text", facts),
  RpcError: (facts) => new RpcError("timeout", "text", facts),
  ServerError: ({ serviceMethod }: { serviceMethod?: string }) =>
    new ServerError("text", serviceMethod),
  MuxError: (facts) => new MuxError("timeout", "text", facts),
  CodecError: (facts) => new CodecError("limit", "text", facts),
};

const FACTS = {
  PluginError: { path: "p", exitCode: 0, signal: "S", line: "", stderrTail: "t", elapsedMs: 0 },
  HandshakeError: { line: "l", pluginVersion: 0, hostVersions: [] },
  RpcError: { serviceMethod: "A.B", seq: 0 },
  ServerError: { serviceMethod: "A.B" },
  MuxError: { streamId: 0, brokerId: 0, remote: true },
  CodecError: { offset: 0, path: "P", typeName: "int" },
} as const;

for (const [name, make] of Object.entries(CLASSES)) {
  const facts: Readonly<Record<string, unknown>> = FACTS[name as keyof typeof FACTS];

  test(`${name} has no property for a fact that is not known`, () => {
    const unknown = Object.fromEntries(Object.keys(facts).map((fact) => [fact, undefined]));
    for (const error of [make({}), make({ ...unknown, cause: undefined })]) {
      for (const key of Reflect.ownKeys(error)) {
        assert.notEqual((error as never)[key], undefined, String(key));
      }
      assert.equal("cause" in error, false);
      assert.doesNotMatch(inspect(error), /undefined/);
    }
  });

  test(`${name} keeps what is known, also 0 and empty text`, () => {
    const cause = name === "ServerError" ? undefined : new Error("below");
    const error = make({ ...facts, cause });
    for (const [fact, value] of Object.entries(facts)) {
      assert.deepEqual((error as never)[fact], value, fact);
    }
    assert.equal(error.cause, cause);
    assert.equal(Object.keys(error).includes("cause"), false);
  });
}
