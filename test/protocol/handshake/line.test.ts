/** The one line on the stdout of a plugin: written, read and refused. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { HandshakeError } from "../../../protocol/errors.js";
import {
  formatLine,
  type LineGrammar,
  parseHostPort,
  parseLine,
} from "../../../protocol/handshake/index.js";

const expect = { appVersions: [1, 2], allowedProtocols: ["netrpc"] };
const certificate = "A".repeat(60);

const accepted: [title: string, line: string, want: Record<string, unknown>][] = [
  ["six fields", "1|1|unix|/tmp/p1|netrpc|", { network: "unix", address: "/tmp/p1" }],
  ["four fields default the protocol", "1|1|tcp|:1234", { protocol: "netrpc", address: ":1234" }],
  ["extra fields", "1|2|unix|/p|netrpc|||x|y", { appVersion: 2 }],
  ["signs, leading zeros, blanks and CR around", "  +1|01|unix|/p|netrpc|\r", { appVersion: 1 }],
  ["a certificate", `1|1|unix|/p|netrpc|${certificate}`, { certificate }],
  ["a seventh field", "1|1|unix|/p|netrpc||true", { multiplex: "true" }],
];
for (const [title, line, want] of accepted) {
  test(`[HANDSHAKE-1] [HANDSHAKE-2] the line may have ${title}`, () => {
    const handshake = parseLine(line, expect) as unknown as Record<string, unknown>;
    for (const [key, value] of Object.entries(want)) assert.equal(handshake[key], value, key);
  });
}

test("[HANDSHAKE-7] a certificate field of 50 characters is ignored", () => {
  assert.equal(parseLine(`1|1|unix|/p|netrpc|${"A".repeat(50)}`, expect).certificate, "");
});

const refused: [line: string, code: string, text: RegExp | string][] = [
  ["", "unrecognized", "Unrecognized remote plugin message: "],
  ["lolinvalid", "unrecognized", "Unrecognized remote plugin message: lolinvalid"],
  ["1|1|unix", "unrecognized", "Unrecognized remote plugin message: 1|1|unix"],
  [
    "1 |1|unix|/p",
    "bad-core-version",
    'error parsing core protocol version: strconv.Atoi: parsing "1 ": invalid syntax',
  ],
  [
    "2|1|unix|/p",
    "core-version",
    /Plugin version: 2, Core version: 1\n\nTo fix this, .*recompiled\.\n/,
  ],
  [
    "1|x|unix|/p",
    "bad-app-version",
    'Error parsing protocol version "x": strconv.Atoi: parsing "x": invalid syntax',
  ],
  [
    "1|9|unix|/p",
    "app-version",
    "incompatible API version with plugin. Plugin version: 9, Client versions: [1 2]",
  ],
  ["1|1|pipe|/p", "unknown-network", /^unknown address type: \/p/],
  ["1|1|tcp|nope", "bad-address", "address nope: missing port in address"],
  ["1|1|tcp|x:99999", "bad-address", /bad host or port/],
  ["1|1|unix||netrpc", "bad-address", "empty socket path"],
  [
    "1|1|unix|/p|grpc|",
    "unsupported-protocol",
    'unsupported plugin protocol "grpc". Supported: [netrpc]',
  ],
  ["1|1|unix|/p||", "unsupported-protocol", 'unsupported plugin protocol "". Supported: [netrpc]'],
];
for (const [line, code, text] of refused) {
  test(`[HANDSHAKE-3] ${JSON.stringify(line)} is refused as ${code}`, () => {
    assert.throws(
      () => parseLine(line, expect),
      (error: HandshakeError) => {
        assert.ok(error instanceof HandshakeError);
        assert.equal(error.code, code);
        if (typeof text === "string") assert.equal(error.message, text);
        else assert.match(error.message, text);
        assert.equal(error.line, line.trim());
        return true;
      },
    );
  });
}

test("[HANDSHAKE-3] an error about a long line shows only its start", () => {
  assert.throws(
    () => parseLine("x".repeat(60_000), expect),
    (error: HandshakeError) => error.message.length < 600,
  );
});

const handshake = {
  appVersion: 3,
  network: "unix",
  address: "/tmp/plugin1",
  protocol: "netrpc",
  certificate: "",
  multiplex: "",
} as const;

test("[HANDSHAKE-6] a plugin writes six fields, and the seventh only on request", () => {
  assert.equal(formatLine(handshake), "1|3|unix|/tmp/plugin1|netrpc|\n");
  const asked = formatLine({ ...handshake, multiplex: "true" });
  assert.equal(asked, "1|3|unix|/tmp/plugin1|netrpc||true\n");
});

test("[HANDSHAKE-1] another grammar can be given as data", () => {
  const grammar: LineGrammar = {
    fields: ["app", "minor", "network", "address"],
    required: 4,
    coreVersion: 1,
    defaultProtocol: "netrpc",
  };
  const parsed = parseLine("5|0|unix|/p", { ...expect, appVersions: [5] }, grammar);
  assert.equal(parsed.appVersion, 5);
  assert.equal(parsed.address, "/p");
  assert.equal(formatLine({ ...handshake, appVersion: 5 }, grammar), "5|0|unix|/tmp/plugin1\n");
});

test("[HANDSHAKE-3] host and port are split, also in IPv6", () => {
  assert.deepEqual(parseHostPort("[::1]:80"), { host: "::1", port: 80 });
  assert.deepEqual(parseHostPort(":80"), { host: "127.0.0.1", port: 80 });
  assert.deepEqual(parseHostPort("localhost:80"), { host: "localhost", port: 80 });
});
