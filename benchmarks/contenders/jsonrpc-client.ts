/** A client with vscode-jsonrpc. It starts its own server: `node jsonrpc-client.mjs SERVER-COMMAND...`. */

import { spawn } from "node:child_process";
import {
  createClientPipeTransport,
  createMessageConnection,
  generateRandomPipeName,
} from "vscode-jsonrpc/node";
import { answer } from "./answer.js";
import { TEXT } from "./bench-contract.js";
import { type CallCase, measureCalls, textCases } from "./call-measure.js";
import { echoRequest } from "./jsonrpc-service.js";

async function main([file = "", ...args]: readonly string[]): Promise<void> {
  const socket = generateRandomPipeName();
  const transport = await createClientPipeTransport(socket);
  spawn(file, [...args, socket], { stdio: ["ignore", "ignore", "inherit"] });
  const connection = createMessageConnection(...(await transport.onConnected()));
  connection.listen();
  const echo = async () =>
    (await connection.sendRequest(echoRequest, { text: TEXT })).text === TEXT;
  await echo();
  const cases = textCases(echo);
  await answer((name, ms) => measureCalls(cases[name] as CallCase, ms));
  connection.end();
}

main(process.argv.slice(2));
