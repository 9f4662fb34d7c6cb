/** Peers for tests of TLS: plugins in this process, and hosts that attach to them. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import type { TlsOptions } from "node:tls";
import { type Address, Client, type ClientConfig } from "goplug";
import { greeter, handshake } from "../../examples/greeter/contract.js";
import { PluginServer } from "../../lib/plugin/plugin-server.js";
import { SyncOutput } from "../../lib/plugin/sync-output.js";
import { generateCertificate } from "../../lib/tls/certificate.js";

export const plugins = { greeter };

export function temporaryDirectory(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), "goplug-test-"));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** Three that know nothing of each other. */
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
  /** What its log would say. */
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
    env: { PLUGIN_UNIX_SOCKET_DIR: temporaryDirectory(t) },
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
