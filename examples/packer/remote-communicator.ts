import { gob } from "goplug";
import { caller, type RpcClient } from "goplug/netrpc";
import { commandFinished, communicator } from "./contract.js";
import type { PackerPeer } from "./peer.js";

export interface Finished {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The machine that Packer builds. A plugin reaches it through streams that Packer dials. */
export class RemoteCommunicator {
  readonly #peer: PackerPeer;
  readonly #rpc;

  constructor(peer: PackerPeer, rpc: RpcClient) {
    this.#peer = peer;
    this.#rpc = caller(rpc, "Communicator", communicator);
  }

  /** Runs a command to its end. */
  async run(command: string, stdin?: string): Promise<Finished> {
    const [input, out, err, response] = [0, 0, 0, 0].map(() => this.#peer.nextId()) as [
      number,
      number,
      number,
      number,
    ];
    const accepted = Promise.all([
      stdin === undefined ? undefined : this.#send(input, Buffer.from(stdin)),
      this.#receive(out),
      this.#receive(err),
      this.#receive(response),
    ]);
    // A rejection is handled below, after the call has been answered.
    accepted.catch(() => {});
    await this.#rpc.Start({
      Command: command,
      StdinStreamId: stdin === undefined ? 0 : input,
      StdoutStreamId: out,
      StderrStreamId: err,
      ResponseStreamId: response,
    });
    const [, stdout, stderr, finished] = await accepted;
    const { ExitStatus } = gob.decodeGob(commandFinished, finished);
    return { exitCode: ExitStatus, stdout: stdout.toString(), stderr: stderr.toString() };
  }

  async upload(path: string, data: Uint8Array): Promise<void> {
    const id = this.#peer.nextId();
    await Promise.all([this.#send(id, data), this.#rpc.Upload({ Path: path, ReaderStreamId: id })]);
  }

  async download(path: string): Promise<Uint8Array> {
    const id = this.#peer.nextId();
    const [data] = await Promise.all([
      this.#receive(id),
      this.#rpc.Download({ Path: path, WriterStreamId: id }),
    ]);
    return data;
  }

  /** Receives everything until the peer ends its side. Our side ends at once, because it sends nothing. */
  async #receive(id: number): Promise<Buffer> {
    const stream = await this.#peer.acceptRaw(id);
    stream.end();
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  async #send(id: number, data: Uint8Array): Promise<void> {
    const stream = await this.#peer.acceptRaw(id);
    stream.resume();
    stream.end(data);
  }
}
