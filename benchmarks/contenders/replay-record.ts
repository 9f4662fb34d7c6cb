import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Address, Client } from "goplug";
import { decodeHeader } from "../../mux/frame.js";
import { bench, handshake, SAMPLE, TEXT } from "./bench-contract.js";
import { DataCounter } from "./replay-wire.js";

/** The same bytes again have the same effect: gob sent its types before. */
export interface RecordedCall {
  readonly request: Uint8Array;
  /** Without yamux headers. */
  readonly replyBytes: number;
}

export interface Recording {
  /** All that a host says before `calls`. */
  readonly bytes: Uint8Array;
  readonly replyBytes: number;
  /** Of the calls. */
  readonly streamId: number;
  readonly calls: Readonly<Record<string, RecordedCall>>;
}

/** Writes down what a host says to the plugin at `address`, and how much it hears. */
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

/** Between a host and a plugin; listens only. */
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

  /** What was said, and how much heard, since the last time. */
  take(): RecordedCall {
    const request = Buffer.concat(this.#said);
    const replyBytes = this.#heard.bytes - this.#taken;
    this.#said = [];
    this.#taken = this.#heard.bytes;
    return { request, replyBytes };
  }
}
