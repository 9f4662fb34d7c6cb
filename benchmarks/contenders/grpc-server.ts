/** A server with @grpc/grpc-js: `node grpc-server.mjs PROTO SOCKET`. It ends when its stdin ends. */

import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from "@grpc/grpc-js";
import { loadBench, type Text } from "./grpc-service.js";

function main([protoPath = "", socket = ""]: readonly string[]): void {
  const server = new Server();
  server.addService(loadBench(protoPath).service, {
    Echo: ({ request }: ServerUnaryCall<Text, Text>, reply: sendUnaryData<Text>) =>
      reply(null, { text: request.text }),
  });
  server.bindAsync(`unix:${socket}`, ServerCredentials.createInsecure(), (error) => {
    if (error !== null) throw error;
    console.log("ready");
  });
  process.stdin.resume().once("end", () => server.forceShutdown());
}

main(process.argv.slice(2));
