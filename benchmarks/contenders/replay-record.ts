/** Records a real host for the contender `replay.ts`. */

import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Address, Client } from "goplug";
import { decodeHeader } from "../../mux/frame.js";
import { bench, handshake, SAMPLE, TEXT } from "./bench-contract.js";
import { DataCounter } from "./replay-wire.js";

/** A call whose bytes can be sent again with the same effect, because gob sent its types before it. */
export interface RecordedCall {
  readonly request: Uint8Array;
  /** The bytes of the reply, without yamux headers. */
  readonly replyBytes: number;
}

export interface Recording {
  /** All bytes that a host sends before `calls`. */
  readonly bytes: Uint8Array;
  readonly replyBytes: number;
  /** The stream that carries the calls. */
  readonly streamId: number;
  readonly calls: Readonly<Record<string, RecordedCall>>;
}

/** Records the bytes that a host sends to the plugin at `address`, and counts the bytes that it receives. */
export async function record(address: Address): Promise<Recording> {
  const folder = mkdtempSync(join(tmpdir(), "goplug-bench-"));
  const path = join(folder, "s");
  const tap = new Tap(address.address);
  const server = tap.server.listen(path);
  await once(server, "listening");
  const reattach = { address: { network: "unix", address: path }, test: true } as const;
  const client = new Client({ handshake, plugins: { bench }, reattach });
  try {
    const plugin = await client.dispense("bench");
    await plugin.Echo(TEXT);
    await plugin.Struct(SAMPLE);
    const setup = tap.take();
    await plugin.Echo(TEXT);
    const string = tap.take();
    await plugin.Struct(SAMPLE);
    const struct = tap.take();
    const view = new DataView(string.request.buffer, string.request.byteOffset);
    const { streamId } = decodeHeader(view);
    return {
      bytes: setup.request,
      replyBytes: setup.replyBytes,
      streamId,
      calls: { string, struct },
    };
  } finally {
    await client.kill();
    server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Passes the bytes between a host and a plugin on, unchanged, and records them. */
class Tap {
  readonly server: Server;
  #said: Uint8Array[] = [];
  readonly #heard = new DataCounter();
  #taken = 0;

  constructor(pluginPath: string) {
    this.server = createServer((host) => {
      const plugin = connect(pluginPath);
      host.on("data", (chunk) => this.#said.push(chunk));
      plugin.on("data", (chunk) => this.#heard.push(chunk));
      host.pipe(plugin).pipe(host);
      for (const socket of [host, plugin]) socket.on("error", () => {});
    });
  }

  /** The bytes sent, and the number of bytes received, since the last call of `take`. */
  take(): RecordedCall {
    const request = Buffer.concat(this.#said);
    const replyBytes = this.#heard.bytes - this.#taken;
    this.#said = [];
    this.#taken = this.#heard.bytes;
    return { request, replyBytes };
  }
}
