/** A server with vscode-jsonrpc. It connects to its client: `node jsonrpc-server.mjs SOCKET`. */

import { createMessageConnection, createServerPipeTransport } from "vscode-jsonrpc/node";
import { echoRequest } from "./jsonrpc-service.js";

function main([socket = ""]: readonly string[]): void {
  const [reader, writer] = createServerPipeTransport(socket);
  const connection = createMessageConnection(reader, writer);
  connection.onRequest(echoRequest, ({ text }) => ({ text }));
  connection.listen();
}

main(process.argv.slice(2));
