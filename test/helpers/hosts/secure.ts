/** Hosts and plugins for tests of TLS. */
import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import type { TlsOptions } from "node:tls";
import { type Address, type Client, type ClientConfig, isPluginError } from "goplug";
import { greeter, handshake } from "../../../examples/greeter/contract.js";
import { transportOf } from "../../../lib/net/socket.js";
import { failuresTo, type LogFields, NULL_LOGGER } from "../../../lib/observe/logger.js";
import { PluginConnection } from "../../../lib/plugin/plugin-connection.js";
import { PluginServer } from "../../../lib/plugin/plugin-server.js";
import { SyncOutput } from "../../../lib/plugin/sync-output.js";
import { generateCertificate } from "../../../lib/tls/certificate.js";
import { scratchDirectory } from "../scratch.js";
import { newHost } from "./new-host.js";

/** What the hosts below call. */
export const plugins = { greeter };

/** Three certificates, none of which trusts another. */
export async function certificates() {
  const [plugin, host, stranger] = await Promise.all([
    generateCertificate(),
    generateCertificate(),
    generateCertificate(),
  ]);
  return { plugin, host, stranger };
}

/** A plugin in this process. */
export interface Served {
  readonly address: Address;
  /** The failures that the plugin reported. */
  readonly errors: string[];
}

/** Serves a greeter in this process, with TLS or without, until the test ends. */
export async function serveGreeter(
  t: TestContext,
  tls?: TlsOptions,
  network: "unix" | "tcp" = "unix",
): Promise<Served> {
  const errors: string[] = [];
  const options = {
    plugins: { greeter: greeter.implement({ Greet: () => "Hello!" }) },
    stdout: new SyncOutput({ name: "stdout" }),
    stderr: new SyncOutput({ name: "stderr" }),
    logger: {
      ...NULL_LOGGER,
      error: ({ error }: LogFields, text: string) => {
        errors.push(`${text}: ${error}`);
      },
    },
  };
  const server = await PluginServer.open({
    env: { PLUGIN_UNIX_SOCKET_DIR: scratchDirectory(t) },
    network,
    tls,
    onFailure: failuresTo(options.logger),
    connection: (conn) => new PluginConnection(transportOf(conn), options),
  });
  t.after(() => server.close());
  return { address: server.listener, errors };
}

/** A host that attaches to a plugin in this process. */
export function attach(
  t: TestContext,
  address: Address,
  options: Pick<ClientConfig, "tls" | "connectTimeoutMs"> = {},
): Client<typeof plugins> {
  return newHost(t, { handshake, plugins, reattach: { address, test: true }, ...options });
}

/** A host that starts a program. */
export function launch(
  t: TestContext,
  command: readonly string[],
  options: Partial<ClientConfig> = {},
): Client<typeof plugins> {
  return newHost(t, { handshake, plugins, command, ...(options as object) });
}

/** The error of a host whose TLS does not fit that of its plugin. */
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
