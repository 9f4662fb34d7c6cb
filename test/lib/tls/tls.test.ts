import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { type TestContext, test } from "node:test";
import { createServer as createTlsServer } from "node:tls";
import { type Address, isPluginError, type PluginError } from "goplug";
import { NULL_LOGGER } from "../../../lib/observe/logger.js";
import { formatCertificate, trustPlugin } from "../../../lib/tls/auto-mtls.js";
import { generateCertificate } from "../../../lib/tls/certificate.js";
import { derInteger, derObjectId, derTime } from "../../../lib/tls/der.js";
import { pluginTls } from "../../../lib/tls/plugin-tls.js";
import {
  attach,
  certificates,
  launch,
  type Served,
  serveGreeter,
  temporaryDirectory,
} from "../../helpers/secure.js";
import { tsPlugin } from "../../helpers/ts-plugin.js";

/** TLS between a TypeScript host and TypeScript plugins; the same with Go is in test/interop. */

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

test("[TLS-3] DER is written in its shortest form", () => {
  assert.equal(hex(derInteger(Buffer.of(0, 0))), "020100");
  assert.equal(hex(derInteger(Buffer.of(0, 0x7f))), "02017f");
  assert.equal(hex(derInteger(Buffer.of(0, 0x80))), "02020080");
  assert.equal(hex(derObjectId("1.2.840.10045.4.3.4")), "06082a8648ce3d040304");
  assert.equal(
    derTime(Date.UTC(2049, 11, 31, 23, 59, 59, 999)).toString("latin1", 2),
    "491231235959Z",
  );
  assert.equal(derTime(Date.UTC(2050, 0, 1)).toString("latin1", 2), "20500101000000Z");
});

test("[TLS-3] a certificate is for localhost, signed by its own key, and new each time", async () => {
  const [one, other] = await Promise.all([generateCertificate(), generateCertificate()]);
  const read = new X509Certificate(one.cert);
  assert.deepEqual(read.raw, one.der);
  assert.equal(read.subject, "O=HashiCorp\nCN=localhost");
  assert.equal(read.checkHost("localhost"), "localhost");
  assert.equal(read.ca, true);
  assert.ok(read.checkIssued(read) && read.verify(read.publicKey));
  assert.equal(read.publicKey.asymmetricKeyDetails?.namedCurve, "secp521r1");
  assert.match(one.key, /^-----BEGIN EC PRIVATE KEY-----\n/);
  assert.notEqual(new X509Certificate(other.cert).serialNumber, read.serialNumber);
});

test("[TLS-4] the certificate's field is base64 without padding, and comes back", async () => {
  const own = await generateCertificate();
  const field = formatCertificate(own);
  assert.match(field, /^[A-Za-z0-9+/]{700,}$/);
  for (let length = 1; length < 5; length++) {
    assert.doesNotMatch(formatCertificate({ ...own, der: Buffer.alloc(length) }), /=/);
  }
  assert.equal(trustPlugin({}, field)?.ca, own.cert);
  assert.equal(trustPlugin(undefined, ""), undefined);
});

const good = generateCertificate();
const badFields: [title: string, field: (good: string) => string, wanted: RegExp][] = [
  ["padding", (text) => `${text.slice(0, 102)}==`, /^illegal base64 data at input byte 102$/],
  [
    "a character of another alphabet",
    (text) => `-${text}`,
    /^illegal base64 data at input byte 0$/,
  ],
  [
    "a white space",
    (text) => `${text.slice(0, 60)} ${text}`,
    /^illegal base64 data at input byte 60$/,
  ],
  ["a letter too many", (text) => text.slice(0, 53), /^illegal base64 data at input byte 53$/],
  ["no certificate in it", () => "AAAA".repeat(20), /^x509: malformed certificate: /],
  ["half a certificate", (text) => text.slice(0, 400), /^x509: malformed certificate: /],
  ["bytes after it", (text) => `${text.slice(0, -4)}${"A".repeat(8)}`, /^x509: /],
];
for (const [title, field, wanted] of badFields) {
  test(`[TLS-4] a certificate field with ${title} is refused`, async () => {
    const certificate = field(formatCertificate(await good));
    assert.throws(
      () => trustPlugin({}, certificate),
      ({ code, message }: PluginError) => {
        assert.equal(code, "bad-certificate");
        assert.match(message, /^error parsing server cert: /);
        assert.match(message.slice("error parsing server cert: ".length), wanted);
        return true;
      },
    );
  });
}

test("[TLS-4] a whole certificate with bytes after it is refused", async () => {
  const field = Buffer.concat([(await good).der, Buffer.of(1, 2, 3)]).toString("base64");
  assert.throws(() => trustPlugin({}, field.replaceAll("=", "")), {
    message: "error parsing server cert: x509: trailing data",
  });
});

test("[TLS-9] a certificate that nobody asked for ends the start, and the plugin", async (t) => {
  const field = formatCertificate(await good);
  const script = `echo '1|1|unix|/nowhere|netrpc|${field}'; exec sleep 60`;
  const client = launch(t, ["sh", "-c", script]);
  await assert.rejects(client.start(), (error: PluginError) => {
    assert.equal(error.code, "bad-certificate");
    assert.match(error.message, /^error parsing server cert: .* neither tls nor autoMtls/);
    return true;
  });
  assert.equal((await client.exited).signal, "SIGKILL");
});

test("[TLS-7] a plugin's own TLS beats the host's offer, unless it gives none", async () => {
  const { host, plugin } = await certificates();
  const offer = { PLUGIN_CLIENT_CERT: host.cert };
  const own = { cert: plugin.cert, key: plugin.key };
  assert.deepEqual(await pluginTls(() => own, offer, NULL_LOGGER), { tls: own, certificate: "" });
  for (const provider of [undefined, () => undefined, async () => undefined]) {
    const { tls, certificate } = await pluginTls(provider, offer, NULL_LOGGER);
    assert.equal(tls?.ca, host.cert);
    assert.equal(tls?.requestCert, true);
    assert.equal(trustPlugin({}, certificate)?.ca, tls?.cert);
  }
  const none = { tls: undefined, certificate: "" };
  assert.deepEqual(await pluginTls(undefined, {}, NULL_LOGGER), none);
  assert.deepEqual(await pluginTls(undefined, { PLUGIN_CLIENT_CERT: "" }, NULL_LOGGER), none);
});

test("[TLS-7] a provider that throws, and a host's certificate that is none, end the plugin", async () => {
  const failing = pluginTls(() => Promise.reject(new Error("no key")), {}, NULL_LOGGER);
  await assert.rejects(failing, { code: "tls-failed", message: "plugin tls init: no key" });
  const bad = pluginTls(undefined, { PLUGIN_CLIENT_CERT: "none" }, NULL_LOGGER);
  const message = /^client cert provided but failed to parse: /;
  await assert.rejects(bad, { code: "tls-failed", message });
});

test("[TLS-7] the host is told why a plugin's TLS could not begin", async (t) => {
  const stderr = new PassThrough();
  const client = launch(t, [await tsPlugin("test/fixtures/plugins/secure.ts")], { stderr });
  await assert.rejects(client.start(), { code: "exited-early", exitCode: 1 });
  stderr.end();
  assert.match(await text(stderr), /plugin tls init: no certificate here/);
});

for (const network of ["unix", "tcp"] as const) {
  for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
    test(`[TLS-1] host and plugin trust each other's certificates, ${version} on ${network}`, async (t) => {
      const { host, plugin } = await certificates();
      const mutual = { requestCert: true, ca: host.cert };
      const own = { cert: plugin.cert, key: plugin.key, maxVersion: version };
      const served = await serveGreeter(t, { ...own, ...mutual }, network);
      const tls = { ca: plugin.cert, cert: host.cert, key: host.key };
      const client = attach(t, served.address, { tls });
      const hello = await client.dispense("greeter");
      assert.equal(await hello.Greet(), "Hello!");
      await client.kill();
      assert.deepEqual(served.errors, []);
    });
  }
}

test("[TLS-1] where to connect to is not taken from the TLS options", async (t) => {
  const { plugin } = await certificates();
  const { address } = await serveGreeter(t, { cert: plugin.cert, key: plugin.key });
  const elsewhere = { path: "/nowhere", host: "nowhere", port: 1 };
  const client = attach(t, address, { tls: { ca: plugin.cert, ...elsewhere } });
  await client.ping();
});

test("TLS options that cannot work are refused by either side", async (t) => {
  const { address } = await serveGreeter(t);
  const client = attach(t, address, { tls: { cert: "no PEM" } });
  await assert.rejects(client.ping(), { code: "bad-config", message: /bad tls options/ });
  const message = /^plugin tls init: /;
  await assert.rejects(serveGreeter(t, { key: "no PEM" }), { code: "tls-failed", message });
});

/** What the host's user sees when the two sides do not fit. */
async function failure(t: TestContext, { address }: Served | { address: Address }, tls?: object) {
  const client = attach(t, address, {
    connectTimeoutMs: 5000,
    ...(tls === undefined ? {} : { tls }),
  });
  const error = await client.client().then(
    () => assert.fail("connected"),
    (error: unknown) => error,
  );
  assert.ok(isPluginError(error), String(error));
  assert.equal(error.phase, "connect");
  assert.ok(error.cause instanceof Error);
  assert.doesNotMatch(error.message, /session shutdown/);
  return error;
}

test("[TLS-8] TestClient_TLS: a plain host is told that the plugin wants TLS", async (t) => {
  const { plugin } = await certificates();
  const served = await serveGreeter(t, { cert: plugin.cert, key: plugin.key });
  const error = await failure(t, served);
  assert.equal(error.code, "tls-failed");
  assert.match(error.message, /may want TLS, and tls is not set/);
  assert.match(served.errors.join(), /tls: wrong version number/);
});

test("[TLS-8] a host with TLS is told that the plugin speaks none", async (t) => {
  const { stranger } = await certificates();
  const error = await failure(t, await serveGreeter(t), { ca: stranger.cert });
  assert.equal(error.code, "tls-failed");
  assert.match(error.message, /^tls: .*the plugin may not speak TLS/);
});

test("[TLS-8] [TLS-5] a host is told why it does not trust the plugin", async (t) => {
  const { plugin, stranger } = await certificates();
  const served = await serveGreeter(t, { cert: plugin.cert, key: plugin.key });
  const untrusted = await failure(t, served, { ca: stranger.cert });
  assert.equal(untrusted.code, "tls-failed");
  assert.match(untrusted.message, /^tls: self-signed certificate .*is not trusted/);
  const noRoots = await failure(t, served, {});
  assert.match(noRoots.message, /tls\.ca is not set/);
  const otherName = await failure(t, served, { ca: plugin.cert, servername: "example.test" });
  assert.match(otherName.message, /example\.test/);
});

for (const maxVersion of ["TLSv1.2", "TLSv1.3"] as const) {
  test(`[TLS-6] [TLS-8] a host is told that the plugin refused its certificate, ${maxVersion}`, async (t) => {
    const { host, plugin, stranger } = await certificates();
    const own = { cert: plugin.cert, key: plugin.key, maxVersion };
    const served = await serveGreeter(t, { ...own, requestCert: true, ca: host.cert });
    const wrong = { ca: plugin.cert, cert: stranger.cert, key: stranger.key };
    const refused = await failure(t, served, wrong);
    assert.equal(refused.code, "tls-failed");
    assert.match(refused.message, /refused our certificate/);
    assert.match(served.errors.pop() ?? "", /bad client certificate: DEPTH_ZERO_SELF_SIGNED_CERT/);

    const missing = await failure(t, served, { ca: plugin.cert });
    assert.equal(missing.code, "tls-failed");
    assert.match(missing.message, /alert (certificate required|handshake failure)/);
    assert.match(missing.message, /refused our certificate|may not trust our certificate/);
    assert.match(served.errors.pop() ?? "", /peer did not return a certificate/);
  });
}

/** A peer that accepts and answers `first` or nothing; with TLS, after the TLS handshake. */
async function mute(t: TestContext, secure?: object, first?: Uint8Array): Promise<Address> {
  const address = join(temporaryDirectory(t), "mute");
  const open = new Set<Socket>();
  const hold = (socket: Socket) => {
    open.add(socket.on("error", () => {}));
    socket.resume();
    if (first !== undefined) socket.write(first);
  };
  const server = secure === undefined ? createServer(hold) : createTlsServer(secure, hold);
  t.after(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(address, resolve));
  return { network: "unix", address };
}

test("[TLS-8] a peer that accepts and never answers is given up after connectTimeoutMs", async (t) => {
  const { plugin } = await certificates();
  const rows: [address: Address, tls: object | undefined][] = [
    [await mute(t), undefined],
    [await mute(t), { ca: plugin.cert }],
    [await mute(t, { cert: plugin.cert, key: plugin.key }), { ca: plugin.cert }],
  ];
  for (const [address, tls] of rows) {
    const client = attach(t, address, {
      connectTimeoutMs: 50,
      ...(tls === undefined ? {} : { tls }),
    });
    const startedAt = performance.now();
    await assert.rejects(client.client(), (error: PluginError) => {
      assert.equal(error.code, "connect-timeout");
      assert.match(error.message, /^plugin: no answer within 50 ms on unix /);
      return true;
    });
    assert.ok(performance.now() - startedAt < 2000);
  }
});

test("[TLS-8] a plain host knows a TLS alert, and what is neither TLS nor yamux", async (t) => {
  const alert = await mute(t, undefined, Buffer.from("15030100020246", "hex"));
  const wantsTls = await failure(t, { address: alert });
  assert.equal(wantsTls.code, "tls-failed");
  assert.match(wantsTls.message, /the plugin wants TLS, and tls is not set .*an alert/);
  const http = await mute(t, undefined, Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n"));
  const other = await failure(t, { address: http });
  assert.equal(other.code, "connect-failed");
  assert.match(other.message, /the peer speaks HTTP/);
});

test("kill gives up a connection that is being made", async (t) => {
  const client = attach(t, await mute(t), { connectTimeoutMs: 60_000 });
  await client.start();
  const connecting = client.client();
  const rejected = assert.rejects(connecting, { code: "ended" });
  await client.kill();
  await rejected;
});

test("[TLS-1] a host that only looks whether the plugin is there leaves no trace in its log", async (t) => {
  const { plugin } = await certificates();
  const served = await serveGreeter(t, { cert: plugin.cert, key: plugin.key });
  const client = attach(t, served.address);
  await client.start();
  const second = attach(t, served.address, { tls: { ca: plugin.cert } });
  await second.ping();
  assert.deepEqual(served.errors, []);
});

test("[TLS-2] a bundled plugin and its host secure themselves; nobody else gets in", async (t) => {
  const client = launch(t, [await tsPlugin("examples/greeter/plugin.ts")], { autoMtls: true });
  const hello = await client.dispense("greeter");
  assert.equal(await hello.Greet(), "Hello!");

  const address = await client.start();
  assert.equal((await failure(t, { address })).code, "tls-failed");
  const { stranger } = await certificates();
  const { cert, key } = stranger;
  for (const uninvited of [{}, { cert, key }]) {
    const error = await failure(t, { address }, { rejectUnauthorized: false, ...uninvited });
    assert.equal(error.code, "tls-failed");
  }
  assert.equal(await hello.Greet(), "Hello!");
  await client.kill();
  assert.deepEqual(await client.exited, { exitCode: 0, signal: undefined });
});

test("[TLS-8] an AutoMTLS host is told that the plugin brought its own TLS", async (t) => {
  const { plugin } = await certificates();
  const env = { SECURE_CERT: plugin.cert, SECURE_KEY: plugin.key };
  const command = [await tsPlugin("test/fixtures/plugins/secure.ts")];
  const client = launch(t, command, { autoMtls: true, env });
  await assert.rejects(client.client(), (error: PluginError) => {
    assert.equal(error.code, "tls-failed");
    assert.match(error.message, /^tls: self-signed certificate .*sent no certificate to trust/);
    return true;
  });
});

test("autoMtls cannot be combined with reattach", (t) => {
  assert.throws(() => launch(t, undefined as never, { autoMtls: true, reattach: {} as never }), {
    code: "bad-config",
    message: /autoMtls cannot be reattached to/,
  });
});
