import { spawn } from "node:child_process";
import { createReadStream, createWriteStream } from "node:fs";
import { chmod, cp } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Duplex } from "node:stream";
import { pipeline } from "node:stream/promises";
import { gob } from "goplug";
import { type Service, service } from "goplug/netrpc";
import { commandFinished, communicator } from "./contract.js";
import type { PackerPeer } from "./peer.js";

/** The service that Packer offers to a provisioner, with this computer as the machine to provision. */
export const localCommunicator = (peer: PackerPeer): Service =>
  service(communicator, {
    // All streams are dialled before the answer, because the caller waits for them only until then.
    Start: async ({ Command, StdinStreamId, StdoutStreamId, StderrStreamId, ResponseStreamId }) => {
      const ids = [StdinStreamId, StdoutStreamId, StderrStreamId, ResponseStreamId];
      const [stdin, stdout, stderr, response] = await dialAll(peer, ids);
      void run(Command, [stdin, stdout, stderr]).then((ExitStatus) => {
        response?.end(gob.encodeGob(commandFinished, { ExitStatus }));
        // The peer sends nothing on this stream, but its end must be read.
        response?.resume();
      });
      return null;
    },
    Upload: async ({ Path, ReaderStreamId, FileInfo }) => {
      const reader = await peer.dialRaw(ReaderStreamId);
      await pipeline(reader, createWriteStream(Path));
      reader.end();
      // The mode is set afterwards, because our umask would take bits from a file that is made with it.
      if (FileInfo !== undefined) await chmod(Path, FileInfo.M & 0o777);
      return null;
    },
    Download: async ({ Path, WriterStreamId }) => {
      const writer = await peer.dialRaw(WriterStreamId);
      writer.resume();
      await pipeline(createReadStream(Path), writer);
      return null;
    },
    UploadDir: ({ Src, Dst }) => copy(Src, Dst),
    DownloadDir: ({ Src, Dst }) => copy(Src, Dst),
  });

/** The streams with these ids, and undefined for 0. All or none of them stay open. */
async function dialAll(peer: PackerPeer, ids: readonly number[]): Promise<(Duplex | undefined)[]> {
  const streams: (Duplex | undefined)[] = [];
  try {
    for (const id of ids) streams.push(id === 0 ? undefined : await peer.dialRaw(id));
    return streams;
  } catch (error) {
    for (const stream of streams) stream?.destroy();
    throw error;
  }
}

/** Copies a directory. A source without a slash at its end is copied into the destination under its own name, as by rsync. */
async function copy(from: string, to: string): Promise<undefined> {
  await cp(from, from.endsWith("/") ? to : join(to, basename(from)), { recursive: true });
}

type Stdio = readonly [
  stdin: Duplex | undefined,
  stdout: Duplex | undefined,
  stderr: Duplex | undefined,
];

/**
 * Runs a command. Resolves with its exit code when its output has been sent; with -1, as Go, if a signal ended it. The end
 * of each stream is passed on.
 */
async function run(command: string, [stdin, stdout, stderr]: Stdio): Promise<number> {
  const child = spawn("sh", ["-c", command], { stdio: "pipe" });
  child.stdin.on("error", () => {}); // A command may end without reading its input.
  if (stdin === undefined) child.stdin.end();
  else {
    stdin.pipe(child.stdin);
    // A stream that breaks is the end of the input, too. The command would wait for more without end.
    stdin.once("close", () => child.stdin.end());
  }
  for (const [from, to] of [
    [child.stdout, stdout],
    [child.stderr, stderr],
  ] as const) {
    if (to === undefined) from.resume();
    else {
      from.pipe(to);
      to.resume();
    }
  }
  return new Promise((resolve) => {
    child.once("error", () => resolve(127));
    child.once("close", (code) => {
      if (stdin?.readableEnded) stdin.end();
      // What the command did not read is read by nobody. Without a reset the peer would wait until it can send it.
      else stdin?.destroy();
      resolve(code ?? -1);
    });
  });
}
