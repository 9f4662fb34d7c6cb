/**
 * `npm run demo`: launches a plugin and prints what happens at each step. The plugin is the Go greeter when there is a
 * Go to compile it, otherwise the TypeScript one.
 */

import { fileURLToPath } from "node:url";
import { Client } from "goplug";
import { goBinary, goVersion } from "../test/helpers/go.js";
import { greeter, handshake } from "./greeter/contract.js";

const say = (text: string) => console.log(`  ${text}`);
const ms = (since: number) => `${(performance.now() - since).toFixed(1)} ms`;

async function pluginCommand(): Promise<string[]> {
  if (goVersion === undefined) {
    say("no Go on this machine: the plugin is examples/greeter/plugin.ts");
    return [...nodeWithTypeScript(), fileURLToPath(new URL("greeter/plugin.ts", import.meta.url))];
  }
  say("compiling the Go greeter (once; later runs find it in .cache)");
  return [await goBinary("greeter-plugin")];
}

/** The running node with its own flags, so that the plugin's node loads TypeScript too. */
const nodeWithTypeScript = () => [process.execPath, ...process.execArgv];

async function main(): Promise<void> {
  console.log("goplug demo: a Node host calls a plugin");
  const command = await pluginCommand();
  await using client = new Client({ handshake, plugins: { greeter }, command });

  let since = performance.now();
  const address = await client.start();
  say(`started ${command.at(-1)} as process ${client.id} (${ms(since)})`);
  say(`handshake: version ${client.negotiatedVersion}, ${client.protocol} on ${address.address}`);

  since = performance.now();
  await client.ping();
  say(`connected, and Control.Ping answered (${ms(since)})`);

  since = performance.now();
  const hello = await client.dispense("greeter");
  say(`dispensed "greeter" (${ms(since)})`);

  since = performance.now();
  console.log(`Plugin.Greet says: ${await hello.Greet()}`);
  say(`(${ms(since)})`);

  since = performance.now();
  await client.kill();
  const { exitCode, signal } = await client.exited;
  say(`asked it to quit: exit code ${exitCode ?? signal} (${ms(since)})`);
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
