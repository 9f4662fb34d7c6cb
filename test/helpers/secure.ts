/** Peers for tests of TLS: plugins in this process, and hosts that attach to them. */
import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import type { TlsOptions } from "node:tls";
import { type Address, Client, type ClientConfig, isPluginError } from "goplug";
import { greeter, handshake } from "../../examples/greeter/contract.js";
import { PluginServer } from "../../lib/plugin/plugin-server.js";
import { SyncOutput } from "../../lib/plugin/sync-output.js";
import { generateCertificate } from "../../lib/tls/certificate.js";
import { scratchDirectory } from "./scratch.js";

export const plugins = { greeter };

/** Three certificates; none of them vouches for another. */
export async function certificates() {
  const [plugin, host, stranger] = await Promise.all([
    generateCertificate(),
    generateCertificate(),
    generateCertificate(),
  ]);
  return { plugin, host, stranger };
}

export interface Served {
  readonly address: Address;
  /** The failures that the plugin reported. */
  readonly errors: string[];
}

/** A greeter in this process, with TLS or without. */
export async function serveGreeter(
  t: TestContext,
  tls?: TlsOptions,
  network: "unix" | "tcp" = "unix",
): Promise<Served> {
  const errors: string[] = [];
  const server = await PluginServer.open({
    env: { PLUGIN_UNIX_SOCKET_DIR: scratchDirectory(t) },
    network,
    tls,
    plugins: { greeter: greeter.implement({ Greet: () => "Hello!" }) },
    stdout: new SyncOutput(),
    stderr: new SyncOutput(),
    onFailure: (text, error) => errors.push(`${text}: ${error}`),
  });
  t.after(() => server.close());
  return { address: server.listener, errors };
}

/** A host of a plugin in this process. */
export function attach(
  t: TestContext,
  address: Address,
  options: Pick<ClientConfig, "tls" | "connectTimeoutMs"> = {},
): Client<typeof plugins> {
  const client = new Client({ handshake, plugins, reattach: { address, test: true }, ...options });
  t.after(() => client.kill());
  return client;
}

/** A host of a program. */
export function launch(
  t: TestContext,
  command: readonly string[],
  options: Partial<ClientConfig> = {},
): Client<typeof plugins> {
  const client = new Client({ handshake, plugins, command, ...(options as object) });
  t.after(() => client.kill());
  return client;
}

/** The error that a host's user gets when the two sides do not fit. */
export async function connectFailure(
  t: TestContext,
  { address }: { readonly address: Address },
  tls?: object,
) {
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
