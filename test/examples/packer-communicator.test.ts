/** The communicators of the Packer example: one end runs commands and copies files for the other. */
import assert from "node:assert/strict";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { type TestContext, test } from "node:test";
import { caller } from "goplug/netrpc";
import { communicator } from "../../examples/packer/contract.js";
import { localCommunicator } from "../../examples/packer/local-communicator.js";
import { PackerPeer } from "../../examples/packer/peer.js";
import { RemoteCommunicator } from "../../examples/packer/remote-communicator.js";
import { duplexPair } from "../helpers/duplex-pair.js";
import { scratchDirectory } from "../helpers/scratch.js";

async function joined(t: TestContext) {
  const [left, right] = duplexPair();
  const [machine, user] = [PackerPeer.host(left), PackerPeer.plugin(right)];
  t.after(() => Promise.all([machine.close(), user.close()]));
  const id = machine.nextId();
  machine.serve(id, { Communicator: localCommunicator(machine) }).catch(() => {});
  const rpc = await user.dial(id);
  return { machine, user, rpc, remote: new RemoteCommunicator(user, rpc) };
}

test("a command that does not read its stdin leaves no stream behind", async (t) => {
  const { machine, user, remote } = await joined(t);
  const before = user.streamCount;
  for (let i = 0; i < 5; i++) {
    const { exitCode } = await remote.run("exit 0", "x".repeat(5_000_000));
    assert.equal(exitCode, 0);
  }
  // An answer on the first stream comes after all that the machine has sent on the others.
  await remote.run("true");
  assert.equal(user.streamCount, before);
  assert.equal(machine.streamCount, before);
});

/** Starts a command whose four streams are accepted by hand. */
function startByHand(command: string, { user, rpc }: Awaited<ReturnType<typeof joined>>) {
  const [stdin, stdout, stderr, response] = Array.from({ length: 4 }, () => user.nextId());
  const ids = [stdin!, stdout!, stderr!, response!] as const;
  const accepted = Promise.all(ids.map((id) => user.acceptRaw(id)));
  const answer = caller(rpc, "Communicator", communicator).Start({
    Command: command,
    StdinStreamId: ids[0],
    StdoutStreamId: ids[1],
    StderrStreamId: ids[2],
    ResponseStreamId: ids[3],
  });
  return { accepted, answer };
}

test("a stdin that breaks is the end of the command's input", async (t) => {
  const ends = await joined(t);
  const before = ends.machine.streamCount;
  const { accepted, answer } = startByHand("cat >/dev/null; echo over", ends);
  const [stdin, ...others] = await accepted;
  await answer;
  stdin!.write("part");
  stdin!.destroy();
  const [stdout] = await Promise.all(others.map((stream) => text(stream.end())));
  assert.equal(stdout, "over\n");
  await ends.remote.run("true");
  assert.equal(ends.machine.streamCount, before);
});

test("a command whose streams cannot all be dialled leaves none of them open", async (t) => {
  const ends = await joined(t);
  const before = ends.machine.streamCount;
  const dial = ends.machine.dialRaw.bind(ends.machine);
  let left = 3;
  t.mock.method(ends.machine, "dialRaw", (id: number) => {
    if (left-- === 0) throw new Error("no fourth stream");
    return dial(id);
  });
  const { accepted, answer } = startByHand("true", ends);
  accepted.catch(() => {}); // The fourth is never dialled.
  await assert.rejects(answer, { message: "no fourth stream" });
  assert.equal(ends.machine.streamCount, before);
});

test("a command that a signal ended has the exit code -1, as in Go", async (t) => {
  const { remote } = await joined(t);
  assert.equal((await remote.run("kill -9 $$")).exitCode, -1);
});

test("an upload has the mode of its file, whatever our umask is", async (t) => {
  const { user, rpc } = await joined(t);
  const path = join(scratchDirectory(t), "script");
  const id = user.nextId();
  const sent = user.acceptRaw(id).then((stream) => stream.resume().end("#!/bin/sh\n"));
  const FileInfo = { N: "script", S: 10n, M: 0o777, T: new Date(0) };
  const calls = caller(rpc, "Communicator", communicator);
  await calls.Upload({ Path: path, ReaderStreamId: id, FileInfo });
  await sent;
  assert.equal(statSync(path).mode & 0o777, 0o777);
  assert.equal(readFileSync(path, "utf8"), "#!/bin/sh\n");
});

test("a directory is copied under its own name, or into the destination when its path ends with a slash", async (t) => {
  const { rpc } = await joined(t);
  const from = scratchDirectory(t);
  writeFileSync(join(from, "file"), "content");
  const calls = caller(rpc, "Communicator", communicator);
  const to = scratchDirectory(t);
  await calls.UploadDir({ Dst: to, Src: from, Exclude: [] });
  await calls.UploadDir({ Dst: to, Src: `${from}/`, Exclude: [] });
  assert.equal(readFileSync(join(to, "file"), "utf8"), "content");
  assert.equal(
    readFileSync(join(to, from.slice(from.lastIndexOf("/")), "file"), "utf8"),
    "content",
  );
});
