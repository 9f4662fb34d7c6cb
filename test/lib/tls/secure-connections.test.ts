/** TLS between a TypeScript host and TypeScript plugins. The same with Go is in test/interop. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { PluginError } from "goplug";
import { formatCertificate } from "../../../lib/tls/auto-mtls.js";
import { generateCertificate } from "../../../lib/tls/certificate.js";
import {
  attach,
  certificates,
  connectFailure,
  launch,
  serveGreeter,
} from "../../helpers/hosts/secure.js";
import { tsPlugin } from "../../helpers/ts-plugin.js";

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

test("[TLS-1] an address in the TLS options is ignored", async (t) => {
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

test("[TLS-8] TestClient_TLS: a plain host is told that the plugin wants TLS", async (t) => {
  const { plugin } = await certificates();
  const served = await serveGreeter(t, { cert: plugin.cert, key: plugin.key });
  const error = await connectFailure(t, served);
  assert.equal(error.code, "tls-failed");
  assert.match(error.message, /may want TLS, and tls is not set/);
  assert.match(served.errors.join(), /tls: wrong version number/);
});

test("[TLS-8] a host with TLS is told that the plugin has no TLS", async (t) => {
  const { stranger } = await certificates();
  const error = await connectFailure(t, await serveGreeter(t), { ca: stranger.cert });
  assert.equal(error.code, "tls-failed");
  assert.match(error.message, /^tls: .*the plugin may not speak TLS/);
});

test("[TLS-8] [TLS-5] a host is told why it does not trust the plugin", async (t) => {
  const { plugin, stranger } = await certificates();
  const served = await serveGreeter(t, { cert: plugin.cert, key: plugin.key });
  const untrusted = await connectFailure(t, served, { ca: stranger.cert });
  assert.equal(untrusted.code, "tls-failed");
  assert.match(untrusted.message, /^tls: self-signed certificate.*is not trusted/);
  const noRoots = await connectFailure(t, served, {});
  assert.match(noRoots.message, /tls\.ca is not set/);
  const otherName = await connectFailure(t, served, {
    ca: plugin.cert,
    servername: "example.test",
  });
  assert.match(otherName.message, /example\.test/);
});

for (const maxVersion of ["TLSv1.2", "TLSv1.3"] as const) {
  test(`[TLS-6] [TLS-8] a host is told that the plugin refused its certificate, ${maxVersion}`, async (t) => {
    const { host, plugin, stranger } = await certificates();
    const own = { cert: plugin.cert, key: plugin.key, maxVersion };
    const served = await serveGreeter(t, { ...own, requestCert: true, ca: host.cert });
    const wrong = { ca: plugin.cert, cert: stranger.cert, key: stranger.key };
    const refused = await connectFailure(t, served, wrong);
    assert.equal(refused.code, "tls-failed");
    assert.match(refused.message, /refused our certificate/);
    assert.match(served.errors.pop() ?? "", /bad client certificate: DEPTH_ZERO_SELF_SIGNED_CERT/);

    const missing = await connectFailure(t, served, { ca: plugin.cert });
    assert.equal(missing.code, "tls-failed");
    assert.match(missing.message, /alert (certificate required|handshake failure)/);
    assert.match(missing.message, /refused our certificate|may not trust our certificate/);
    assert.match(served.errors.pop() ?? "", /peer did not return a certificate/);
  });
}

test("[TLS-1] a host that connects and hangs up is no failure in the plugin's log", async (t) => {
  const { plugin } = await certificates();
  const served = await serveGreeter(t, { cert: plugin.cert, key: plugin.key });
  const client = attach(t, served.address);
  await client.start();
  const second = attach(t, served.address, { tls: { ca: plugin.cert } });
  await second.ping();
  assert.deepEqual(served.errors, []);
});

test("[TLS-2] only the host that started a plugin with AutoMTLS can connect to it", async (t) => {
  const client = launch(t, [await tsPlugin("examples/greeter/plugin.ts")], { autoMtls: true });
  const hello = await client.dispense("greeter");
  assert.equal(await hello.Greet(), "Hello!");

  const address = await client.start();
  assert.equal((await connectFailure(t, { address })).code, "tls-failed");
  const { stranger } = await certificates();
  const { cert, key } = stranger;
  for (const uninvited of [{}, { cert, key }]) {
    const error = await connectFailure(t, { address }, { rejectUnauthorized: false, ...uninvited });
    assert.equal(error.code, "tls-failed");
  }
  assert.equal(await hello.Greet(), "Hello!");
  await client.kill();
  assert.deepEqual(await client.exited, { exitCode: 0, signal: undefined });
});

test("[TLS-8] a host with AutoMTLS is told that the plugin uses TLS of its own", async (t) => {
  const { plugin } = await certificates();
  const env = { SECURE_CERT: plugin.cert, SECURE_KEY: plugin.key };
  const command = [await tsPlugin("test/fixtures/plugins/secure.ts")];
  const client = launch(t, command, { autoMtls: true, env });
  await assert.rejects(client.client(), (error: PluginError) => {
    assert.equal(error.code, "tls-failed");
    assert.match(error.message, /^tls: self-signed certificate.*sent no certificate to trust/);
    return true;
  });
});

test("[TLS-9] a certificate that nobody asked for fails the start and ends the plugin", async (t) => {
  const field = formatCertificate(await generateCertificate());
  const script = `echo '1|1|unix|/nowhere|netrpc|${field}'; exec sleep 60`;
  const client = launch(t, ["sh", "-c", script]);
  await assert.rejects(client.start(), (error: PluginError) => {
    assert.equal(error.code, "bad-certificate");
    assert.match(error.message, /^error parsing server cert: .* neither tls nor autoMtls/);
    return true;
  });
  assert.equal((await client.exited).signal, "SIGKILL");
});

test("[TLS-2] autoMtls cannot be combined with reattach", (t) => {
  assert.throws(() => launch(t, undefined as never, { autoMtls: true, reattach: {} as never }), {
    code: "bad-config",
    message: /autoMtls cannot be reattached to/,
  });
});
