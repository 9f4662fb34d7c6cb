/** A Node host whose plugin is idle. Each command "hold" starts one more plugin and keeps it. */

import { Client } from "goplug";
import { answer } from "./answer.js";
import { bench, handshake, TEXT } from "./bench-contract.js";

async function hold(command: readonly string[]) {
  const client = new Client({ handshake, plugins: { bench }, command });
  const plugin = await client.dispense("bench");
  await plugin.Echo(TEXT);
  return client;
}

async function main(command: readonly string[]): Promise<void> {
  const clients = [await hold(command)];
  await answer(async () => {
    clients.push(await hold(command));
    return {};
  });
  await Promise.all(clients.map((client) => client.kill()));
}

main(process.argv.slice(2));
