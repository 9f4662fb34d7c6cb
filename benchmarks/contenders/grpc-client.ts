/** A client with @grpc/grpc-js. It starts its own server: `node grpc-client.mjs PROTO SERVER-COMMAND...`. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { credentials, type requestCallback } from "@grpc/grpc-js";
import { answer } from "./answer.js";
import { TEXT } from "./bench-contract.js";
import { type CallCase, measureCalls, textCases } from "./call-measure.js";
import { loadBench, type Text } from "./grpc-service.js";

interface EchoClient {
  Echo(request: Text, reply: requestCallback<Text>): void;
  close(): void;
}

async function main([protoPath = "", file = "", ...args]: readonly string[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "goplug-bench-"));
  const socket = join(folder, "s");
  const server = spawn(file, [...args, protoPath, socket], { stdio: ["pipe", "pipe", "inherit"] });
  await once(server.stdout, "data");
  const Bench = loadBench(protoPath);
  const client = new Bench(`unix:${socket}`, credentials.createInsecure());
  const echo = () =>
    new Promise<boolean>((resolve, reject) => {
      (client as unknown as EchoClient).Echo({ text: TEXT }, (error, reply) =>
        error === null ? resolve(reply?.text === TEXT) : reject(error),
      );
    });
  await echo();
  const cases = textCases(echo);
  await answer((name, ms) => measureCalls(cases[name] as CallCase, ms));
  client.close();
  server.stdin.end();
  rmSync(folder, { recursive: true, force: true });
}

main(process.argv.slice(2));
