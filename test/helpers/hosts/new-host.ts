/** Hosts that end with their test. */
import type { TestContext } from "node:test";
import { Client, type ClientConfig, type ClientPluginSet, type VersionedPlugins } from "goplug";

/** A host whose plugin is killed at the end of the test. */
export function newHost<
  const P extends ClientPluginSet = ClientPluginSet,
  const V extends VersionedPlugins = VersionedPlugins,
>(t: TestContext, config: ClientConfig<P, V>): Client<P, V> {
  const client = new Client(config);
  t.after(() => client.kill());
  return client;
}
