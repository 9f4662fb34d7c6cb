/** Whether a plugin uses TLS, and with what options. */
import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { NULL_LOGGER } from "../../../lib/observe/logger.js";
import { trustPlugin } from "../../../lib/tls/auto-mtls.js";
import { pluginTls } from "../../../lib/tls/plugin-tls.js";
import { certificates, launch } from "../../helpers/hosts/secure.js";
import { tsPlugin } from "../../helpers/ts-plugin.js";

test("[TLS-7] a plugin's own TLS beats the host's offer, unless its provider gives nothing", async () => {
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

test("[TLS-7] a provider that throws and a bad certificate of the host end the plugin", async () => {
  const failing = pluginTls(() => Promise.reject(new Error("no key")), {}, NULL_LOGGER);
  await assert.rejects(failing, { code: "tls-failed", message: "plugin tls init: no key" });
  const bad = pluginTls(undefined, { PLUGIN_CLIENT_CERT: "none" }, NULL_LOGGER);
  const message = /^client cert provided but failed to parse: /;
  await assert.rejects(bad, { code: "tls-failed", message });
});

test("[TLS-7] the plugin's log tells why its TLS failed to start", async (t) => {
  const stderr = new PassThrough();
  const client = launch(t, [await tsPlugin("test/fixtures/plugins/secure.ts")], { stderr });
  await assert.rejects(client.start(), { code: "exited-early", exitCode: 1 });
  stderr.end();
  assert.match(await text(stderr), /plugin tls init: no certificate here/);
});
