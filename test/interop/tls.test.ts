/** TLS between TypeScript and Go, with AutoMTLS and without, in both roles. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { TestContext } from "node:test";
import { type PluginError, toDuplex } from "goplug";
import { handshake } from "../../examples/greeter/contract.js";
import { kv } from "../../examples/kv/contract.js";
import { trustPlugin } from "../../lib/tls/auto-mtls.js";
import { generateCertificate, type OneTimeCertificate } from "../../lib/tls/certificate.js";
import { callbackService } from "../fixtures/callback.js";
import { fixtureWithBroker } from "../fixtures/contracts/fixture.js";
import { patternDigest, readDigest, writePattern } from "../fixtures/pattern.js";
import { type DerValue, derTimeMs, readDer } from "../helpers/der.js";
import { assertGraceful, byStep, goBinary, goTest, runGo, upstreamBinary } from "../helpers/go.js";
import { newHost } from "../helpers/hosts/new-host.js";
import { attach, certificates, launch } from "../helpers/hosts/secure.js";
import { scratchDirectory } from "../helpers/scratch.js";
import { tsPlugin } from "../helpers/ts-plugin.js";

/** The flags that give our Go programs a TLS configuration. */
function tlsFlags(t: TestContext, own?: OneTimeCertificate, trusted?: OneTimeCertificate) {
  const directory = scratchDirectory(t);
  const file = (name: string, text: string) => {
    writeFileSync(join(directory, name), text);
    return join(directory, name);
  };
  return [
    ...(own === undefined
      ? []
      : ["-tls-cert", file("cert", own.cert), "-tls-key", file("key", own.key)]),
    ...(trusted === undefined ? [] : ["-tls-ca", file("ca", trusted.cert)]),
  ];
}

/** The certificate of a Go plugin. */
async function goCertificate(t: TestContext): Promise<DerValue> {
  const { cert } = await generateCertificate();
  const env = { ...process.env, BASIC_PLUGIN: "hello", PLUGIN_CLIENT_CERT: cert };
  const plugin = spawn(await goBinary("greeter-plugin"), [], {
    env: { ...env, TMPDIR: scratchDirectory(t), PLUGIN_PROTOCOL_VERSIONS: "1" },
    stdio: ["ignore", "pipe", "ignore"],
  });
  t.after(() => plugin.kill("SIGKILL"));
  for await (const line of createInterface(plugin.stdout)) {
    const field = line.split("|")[5] ?? "";
    // Go's field passes our own strict check [TLS-4].
    assert.match(String(trustPlugin({}, field)?.ca), /^-----BEGIN CERTIFICATE-----\n/);
    return readDer(Buffer.from(field, "base64"));
  }
  assert.fail("no handshake");
}

/** The fields of a certificate. Of those that differ each time, only the form. */
function fields(certificate: DerValue): Record<string, unknown> {
  const [toBeSigned, algorithm, signature] = certificate.items;
  const [version, serial, signedWith, issuer, validity, subject, key, extensions] =
    toBeSigned!.items;
  const [from, to] = validity!.items;
  return {
    version: version!.value,
    serial: serial!.tag,
    algorithms: [signedWith!.value, algorithm!.value],
    issuer: issuer!.value,
    subject: subject!.value,
    times: [from!.tag, to!.tag],
    lifeMs: derTimeMs(to!) - derTimeMs(from!),
    keyKind: key!.items[0]!.value,
    keyForm: [key!.items[1]!.tag, key!.items[1]!.value.slice(0, 4), key!.items[1]!.value.length],
    // Of the subject key id (2.5.29.14), which is a hash of the key, only tag and length.
    extensions: extensions!.items[0]!.items.map(({ items }) =>
      items.map(({ tag, value }) =>
        items[0]!.value === "551d0e" && tag === 4 ? value.slice(0, 4) : [tag, value],
      ),
    ),
    signature: [signature!.tag, signature!.value.slice(0, 2)],
    parts: [certificate.items.length, toBeSigned!.items.length],
  };
}

goTest("[TLS-3] our certificate is Go's, field by field", async (t) => {
  const beforeMs = Date.now();
  const own = await generateCertificate();
  const afterMs = Date.now();
  const [ours, go] = [readDer(own.der), await goCertificate(t)];
  assert.deepEqual(fields(ours), fields(go));
  const notBeforeMs = derTimeMs(ours.items[0]!.items[4]!.items[0]!);
  // Backdated by 30 s, in whole seconds.
  assert.ok(notBeforeMs > beforeMs - 31_000 && notBeforeMs <= afterMs - 30_000, `${notBeforeMs}`);
});

goTest("[TLS-2] [TLS-5] TestClient_mtlsNetRPCClient: AutoMTLS with a Go plugin", async (t) => {
  const client = newHost(t, {
    handshake,
    command: [await goBinary("fixture-plugin")],
    autoMtls: true,
    plugins: { fixture: fixtureWithBroker },
  });
  const { broker, plugin } = await client.dispense("fixture");
  assert.equal(await plugin.Double(3), 6);
  const large = new Uint8Array(3 << 20).fill(7);
  assert.deepEqual(await plugin.EchoBytes(large), large);

  const id = broker.nextId();
  const served = broker.acceptAndServe(id, await callbackService(broker));
  assert.equal(await plugin.CallBack({ ID: id, Method: "Double", N: 21 }), 42);
  await served;
  const source = broker.nextId();
  const sent = broker.accept(source).then((stream) => writePattern(toDuplex(stream), 1 << 20));
  assert.deepEqual(await plugin.ReadFrom(source), patternDigest(1 << 20));
  await sent;
  const reader = await broker.dial(await plugin.OfferReader(1 << 20));
  assert.deepEqual(await readDigest(toDuplex(reader)), patternDigest(1 << 20));

  const pending = assert.rejects(plugin.Wait("x"), { code: "ended", signal: "SIGKILL" });
  process.kill(Number(client.id), "SIGKILL");
  assert.equal((await client.exited).signal, "SIGKILL");
  await pending;
});

goTest(
  "[TLS-2] [TLS-6] a Go host with AutoMTLS drives every method of the TypeScript fixture",
  async (t) => {
    const plugin = await tsPlugin("test/fixtures/plugins/fixture.ts");
    const result = await runGo(t, await goBinary("fixture-host"), ["-automtls", "--", plugin]);
    const steps = byStep(result);
    assert.equal(steps.get("double")?.value, 42);
    assert.equal(steps.get("call back Double")?.value, 42);
    for (const step of ["lend reader", "lend writer", "borrow reader", "borrow writer"]) {
      assert.deepEqual(steps.get(step)?.value, { bytes: 1 << 20, same: true }, step);
    }
    assert.equal(steps.get("double after errors")?.value, 42);
    assertGraceful(result);
  },
);

goTest(
  "[TLS-2] [HANDSHAKE-11] AutoMTLS with upstream's negotiated plugin, unchanged",
  async (t) => {
    const cwd = scratchDirectory(t);
    const command = [await upstreamBinary("negotiated-plugin")];
    const versionedPlugins = { 2: { kv } };
    for (const autoMtls of [false, true]) {
      const client = newHost(t, { handshake, versionedPlugins, command, cwd, autoMtls });
      const store = await client.dispense("kv");
      assert.equal(client.negotiatedVersion, 2);
      await store.Put({ key: "hello", value: Buffer.from("world") });
      const value = Buffer.from(await store.Get("hello")).toString();
      assert.match(value, /^world\n\nWritten from plugin version 2\nRead by plugin version 2\n$/);
      await client.kill();
    }
  },
);

goTest(
  "[TLS-2] [HANDSHAKE-11] upstream's negotiated host, unchanged, and one with AutoMTLS use the TypeScript store",
  async (t) => {
    const cwd = scratchDirectory(t);
    const plugin = await tsPlugin("test/fixtures/plugins/negotiated.ts");
    symlinkSync(plugin, join(cwd, "kv-plugin"));
    const host = await upstreamBinary("negotiated-host");
    const env = { KV_PROTO: "netrpc" };
    const put = await runGo(t, host, ["put", "hello", "world"], { cwd, env });
    assert.equal(put.code, 0, put.stdout + put.stderr);
    assert.match(readFileSync(join(cwd, "kv_hello"), "utf8"), /^world\n\nWritten from goplug/);
    const get = await runGo(t, host, ["get", "hello"], { cwd, env });
    assert.match(get.stdout, /^world\n\nWritten from goplug version 2\n/);

    const flags = ["-automtls", "-versions", "2,3", "-skip-types", "--", plugin];
    const result = await runGo(t, await goBinary("kv-host"), flags, { cwd });
    const start = { network: "unix", protocol: "netrpc", version: 2 };
    assert.deepEqual(byStep(result).get("start")?.value, start);
    assert.equal(byStep(result).get("put")?.error, undefined);
    assertGraceful(result);
  },
);

goTest(
  "[TLS-1] [TLS-8] TestClient_TLS: a Go plugin with TLS, without it on the host and with it",
  async (t) => {
    const { host, plugin } = await certificates();
    const command = [await goBinary("greeter-plugin"), ...tlsFlags(t, plugin, host)];
    await assert.rejects(
      launch(t, command, { killGraceMs: 100 }).client(),
      (error: PluginError) => {
        assert.equal(error.code, "tls-failed");
        assert.match(error.message, /may want TLS, and tls is not set/);
        // What the plugin itself says, which Go hosts leave to the log.
        assert.match(error.stderrTail ?? "", /first record does not look like a TLS handshake/);
        return true;
      },
    );
    const tls = { ca: plugin.cert, cert: host.cert, key: host.key };
    const client = launch(t, command, { tls });
    const hello = await client.dispense("greeter");
    assert.equal(await hello.Greet(), "Hello!");
    await client.kill();
    assert.deepEqual(await client.exited, { exitCode: 0, signal: undefined });
  },
);

goTest("[TLS-8] a host is told why TLS with a Go plugin failed", async (t) => {
  const { host, plugin, stranger } = await certificates();
  const binary = await goBinary("greeter-plugin");
  const secured = [binary, ...tlsFlags(t, plugin, host)];
  const guest = { cert: host.cert, key: host.key };
  const intruder = { cert: stranger.cert, key: stranger.key };
  const rows: [title: string, command: string[], options: object, text: RegExp][] = [
    ["TLS, plain plugin", [binary], { tls: { ca: plugin.cert } }, /may not speak TLS/],
    [
      "a plugin that is not trusted",
      secured,
      { tls: { ca: stranger.cert, ...guest } },
      /^tls: self-signed certificate.*is not trusted/,
    ],
    [
      "a plugin that refuses the host's certificate",
      secured,
      { tls: { ca: plugin.cert, ...intruder } },
      /^tls: (tlsv1 alert unknown ca|sslv3 alert bad certificate|tlsv1 alert decrypt error) /,
    ],
    [
      "a plugin that refuses the host's certificate in TLS 1.2",
      secured,
      { tls: { ca: plugin.cert, ...intruder, maxVersion: "TLSv1.2" } },
      /^tls: (tlsv1 alert unknown ca|sslv3 alert bad certificate|tlsv1 alert decrypt error) /,
    ],
    [
      "a plugin that misses the host's certificate",
      secured,
      { tls: { ca: plugin.cert } },
      /^tls: (tlsv13 alert certificate required|sslv3 alert bad certificate) /,
    ],
    [
      "AutoMTLS with a plugin that has TLS of its own",
      secured,
      { autoMtls: true },
      /^tls: self-signed certificate.*sent no certificate to trust/,
    ],
  ];
  for (const [title, command, options, text] of rows) {
    await assert.rejects(
      launch(t, command, { killGraceMs: 100, ...options }).client(),
      (error: PluginError) => {
        assert.equal(error.code, "tls-failed", title);
        assert.match(error.message, text, title);
        assert.ok(error.cause instanceof Error);
        return true;
      },
    );
  }
});

goTest("[TLS-8] a Go program that accepts and never answers is given up in time", async (t) => {
  const command = [await goBinary("bad-plugin"), "mute"];
  // It is killed, and leaves its directory.
  const env = { TMPDIR: scratchDirectory(t) };
  for (const options of [{}, { autoMtls: true }, { tls: {} }]) {
    const client = launch(t, command, {
      connectTimeoutMs: 200,
      killGraceMs: 100,
      env,
      ...options,
    });
    await assert.rejects(client.client(), { code: "connect-timeout" });
    await client.kill();
  }
});

goTest(
  "[TLS-8] a Go program that ends before we connect is not taken for one without TLS",
  async (t) => {
    const command = [await goBinary("bad-plugin"), "line-then-exit", "3"];
    for (const options of [{}, { tls: {} }]) {
      const client = launch(t, command, options);
      await assert.rejects(client.client(), (error: PluginError) => {
        // It is chance which of the two is noticed first.
        assert.match(error.code, /^(connect-failed|ended)$/);
        assert.equal(error.exitCode, 3);
        return true;
      });
    }
  },
);

goTest("[TLS-4] [TLS-9] invalid certificates of Go programs are refused", async (t) => {
  const bad = await goBinary("bad-plugin");
  const rows: [mode: string, options: object, text: RegExp][] = [
    [
      "cert-text",
      { autoMtls: true },
      /^error parsing server cert: illegal base64 data at input byte 0/,
    ],
    ["cert-der", { autoMtls: true }, /^error parsing server cert: x509: malformed certificate/],
    ["cert-text", {}, /^error parsing server cert: the plugin sent one, but/],
  ];
  for (const [mode, options, text] of rows) {
    const client = launch(t, [bad, mode], options);
    await assert.rejects(client.start(), { code: "bad-certificate", message: text });
    await client.exited;
  }
});

goTest("[TLS-6] an AutoMTLS plugin, Go's or ours, refuses an uninvited client", async (t) => {
  for (const path of [
    await goBinary("greeter-plugin"),
    await tsPlugin("examples/greeter/plugin.ts"),
  ]) {
    const client = launch(t, [path], { autoMtls: true });
    const hello = await client.dispense("greeter");
    const { stranger } = await certificates();
    const { cert, key } = stranger;
    for (const tls of [undefined, {}, { cert, key }]) {
      const insecure = tls && { ...tls, rejectUnauthorized: false };
      const uninvited = attach(t, await client.start(), insecure ? { tls: insecure } : {});
      await assert.rejects(uninvited.client(), { code: "tls-failed" });
    }
    assert.equal(await hello.Greet(), "Hello!");
    await client.kill();
  }
});

goTest("[TLS-1] [TLS-7] Go hosts and a TypeScript plugin with TLS of its own", async (t) => {
  const { host, plugin, stranger } = await certificates();
  const program = await tsPlugin("test/fixtures/plugins/secure.ts");
  const env = {
    SECURE_CERT: plugin.cert,
    SECURE_KEY: plugin.key,
    SECURE_CA: host.cert,
    // A Go host that was refused kills the plugin, and leaves its socket.
    TMPDIR: scratchDirectory(t),
  };
  const run = async (...flags: string[]) =>
    runGo(t, await goBinary("greeter-host"), [...flags, "--", program], { env });

  const trusted = await run(...tlsFlags(t, host, plugin), "-concurrent", "50");
  assert.deepEqual(byStep(trusted).get("concurrent")?.value, { "Hello!": 50 });
  assertGraceful(trusted);
  // What Go reports is not tested; but nobody gets in, and the plugin goes on.
  for (const flags of [
    [],
    ["-automtls"],
    tlsFlags(t, host, stranger),
    tlsFlags(t, stranger, plugin),
    tlsFlags(t, undefined, plugin),
  ]) {
    const refused = await run(...flags);
    assert.equal(refused.code, 1, flags.join(" "));
    assert.equal(byStep(refused).get("start")?.error, undefined);
    assert.ok(byStep(refused).get("ping")?.error, flags.join(" "));
  }
});
