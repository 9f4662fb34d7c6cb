/**
 * The model of `toDuplex` is `net.Socket` with `allowHalfOpen`. Each usage below runs against two sockets and against two
 * ends of a stream, and what both ends emit is compared. A row with `differs` names the events of our streams that are
 * others, and why they must be.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { type Duplex, PassThrough, Readable, Transform } from "node:stream";
import { text } from "node:stream/consumers";
import { finished, pipeline } from "node:stream/promises";
import { type TestContext, test } from "node:test";
import { type Ends, record, said, sockets, streams } from "./duplex-ends.js";
import { settle } from "./helpers.js";

/** What happened: what the usage noted, and what each end emitted. */
interface Story {
  readonly notes: string[];
  readonly left: string[];
  readonly right: string[];
}

interface Usage {
  run(ends: Ends, note: (what: string) => void): Promise<unknown>;
  /** The parts of our story that are others than those of the sockets. */
  readonly differs?: Partial<Story> & { readonly why: string };
  /** The left end is used as web streams: its events are not recorded. */
  readonly isWeb?: boolean;
}

async function tell(
  t: TestContext,
  make: (t: TestContext) => Promise<Ends>,
  usage: Usage,
): Promise<Story> {
  const story: Story = { notes: [], left: [], right: [] };
  const ends = await make(t);
  if (usage.isWeb !== true) record(ends.left, story.left);
  record(ends.right, story.right);
  await usage.run(ends, (what) => void story.notes.push(what));
  await settle(50);
  return structuredClone(story);
}

const closed = (...ends: Duplex[]) =>
  Promise.all(
    ends.map((end) =>
      end.closed ? undefined : new Promise((resolve) => end.once("close", resolve)),
    ),
  );

/** Resolves when nothing more can be read. */
const endOf = (end: Duplex) =>
  Promise.race([new Promise((resolve) => end.once("end", resolve)), closed(end)]);

/** Resolves with how `promise` ended. */
const outcome = (promise: Promise<unknown>): Promise<string> => promise.then(String, said);

const write = (end: Duplex, chunk: string | Buffer): Promise<string> =>
  new Promise((resolve) => end.write(chunk, (error) => resolve(error ? said(error) : "written")));

/** Reads `left` to its end, which leaves it half open. */
async function readToEnd({ left, right }: Ends): Promise<void> {
  left.resume();
  right.end("all");
  await once(left, "end");
}

/** At the end of a loop Node up to 22 destroys a Duplex. Later versions leave our half to us. */
function endIfOpen(end: Duplex): void {
  if (!end.destroyed) end.end();
}

/** Up to Node 20 a socket says of a write that is lost that it was written. */
const saysWritten = Number.parseInt(process.versions.node, 10) < 22;
const lostWrite = (others: Partial<Story> = {}): Pick<Usage, "differs"> =>
  saysWritten
    ? {
        differs: { notes: ["not written"], why: "a socket of Node 20 calls it written", ...others },
      }
    : {};

/** More than any window takes. */
const MUCH = Buffer.alloc(16 << 20);

const USAGES: Readonly<Record<string, Usage>> = {
  "for await to the end": {
    run: async ({ left, right }, note) => {
      right.resume().end("abc");
      let heard = "";
      for await (const chunk of left) heard += chunk;
      note(heard);
      endIfOpen(left);
      await closed(left, right);
    },
  },
  "for await that writes what it reads": {
    run: async ({ left, right }, note) => {
      const echo = text(right);
      right.write("abc");
      right.end("def");
      for await (const chunk of left) await write(left, chunk);
      endIfOpen(left);
      note(await echo);
      await closed(left, right);
    },
  },
  "for await, and end in the loop": {
    run: async ({ left, right }) => {
      right.write("abc");
      right.resume().once("end", () => right.end());
      for await (const _ of left) left.end("answer");
      await closed(left, right);
    },
  },
  "a write after for await": {
    run: async ({ left, right }, note) => {
      right.resume().end("abc");
      for await (const _ of left);
      note(await write(left, "too late"));
      endIfOpen(left);
      await closed(left, right);
    },
  },
  "for await with break": {
    run: async ({ left, right }, note) => {
      right.resume().write("abc");
      for await (const chunk of left) {
        note(String(chunk));
        break;
      }
      await closed(left);
      await endOf(right);
    },
    differs: {
      right: ["error lost", "close"],
      why: "a FIN would pass for the end of all our bytes, and would not stop a peer that sends",
    },
  },
  "for await with throw": {
    run: async ({ left, right }, note) => {
      right.resume().write("abc");
      const reading = (async () => {
        for await (const _ of left) throw new Error("enough");
      })();
      note(await outcome(reading));
      await closed(left);
      await endOf(right);
    },
    differs: { right: ["error lost", "close"], why: "as with break" },
  },
  "an iterator that does not destroy, with break, and then the rest": {
    run: async ({ left, right }, note) => {
      right.resume().write("abc");
      for await (const chunk of left.iterator({ destroyOnReturn: false })) {
        note(String(chunk));
        break;
      }
      right.end("def");
      note(await text(left.iterator({ destroyOnReturn: false })));
      left.end();
      await closed(left, right);
    },
  },
  "pipeline out of it, then end": {
    run: async ({ left, right }, note) => {
      right.resume().end("abc");
      const sink = new PassThrough();
      await Promise.all([pipeline(left, sink), text(sink).then(note)]);
      left.end("bye");
      await closed(left, right);
    },
  },
  "pipeline into it, then read": {
    run: async ({ left, right }, note) => {
      await Promise.all([pipeline(Readable.from(["a", "bc"]), left), text(right).then(note)]);
      left.resume();
      right.end();
      await closed(left, right);
    },
  },
  "pipeline through a transform and back": {
    run: async ({ left, right }, note) => {
      const upper = new Transform({
        transform: (chunk, _encoding, done) => done(null, String(chunk).toUpperCase()),
      });
      const echoing = outcome(pipeline(left, upper, left as NodeJS.WritableStream));
      right.end("abc");
      note(await text(right));
      note(await echoing);
      await closed(left, right);
    },
  },
  "pipeline into a peer that resets": {
    run: async (ends, note) => {
      const endless = new Readable({
        read() {
          this.push(Buffer.alloc(1000));
        },
      });
      const sending = outcome(pipeline(endless, ends.left));
      await once(ends.right, "readable");
      ends.resetThere();
      note(await sending);
      await closed(ends.left, ends.right);
    },
  },
  "data and end, then end": {
    run: async ({ left, right }, note) => {
      right.resume().end("abc");
      left.on("data", (chunk) => note(String(chunk)));
      left.on("end", () => left.end());
      await closed(left, right);
    },
  },
  "data and end, and nothing else": {
    run: async (ends) => {
      await readToEnd(ends);
      ends.right.resume();
    },
  },
  "readable and read": {
    run: async ({ left, right }, note) => {
      right.resume().end("abc");
      left.on("readable", () => {
        for (let chunk = left.read(1); chunk !== null; chunk = left.read(1)) note(String(chunk));
      });
      await once(left, "end");
      left.end();
      await closed(left, right);
    },
  },
  "half-close on the left": {
    run: async ({ left, right }, note) => {
      left.end("question");
      note(await text(right.iterator({ destroyOnReturn: false })));
      right.end("answer");
      note(await text(left));
      await closed(left, right);
    },
  },
  "half-close on the right": {
    run: async ({ left, right }, note) => {
      right.end("question");
      note(await text(left.iterator({ destroyOnReturn: false })));
      left.end("answer");
      note(await text(right));
      await closed(left, right);
    },
  },
  "end while the peer still sends": {
    run: async ({ left, right }, note) => {
      const heard = text(left);
      left.end();
      right.resume();
      await once(right, "end");
      for (const chunk of ["a", "b", "c"]) note(await write(right, chunk));
      right.end();
      note(await heard);
      await closed(left, right);
    },
  },
  "end, and the callback of a write": {
    run: async ({ left, right }, note) => {
      right.resume().end();
      left.resume();
      left.write("a", () => note("written"));
      left.end("b", () => note("ended"));
      await closed(left, right);
    },
  },
  "a write after end": {
    run: async ({ left, right }, note) => {
      right.resume();
      left.end("a");
      await once(left, "finish");
      note(await write(left, "b"));
      await closed(left);
    },
  },
  "destroy after both ends": {
    run: async ({ left, right }) => {
      left.resume().end();
      right.resume().end();
      await closed(left, right);
      left.destroy();
    },
  },
  "destroy after the peer's end": {
    run: async (ends, note) => {
      const heard = text(ends.right);
      await readToEnd(ends);
      note(await write(ends.left, "last words"));
      ends.left.destroy();
      note(await heard);
      await closed(ends.left, ends.right);
    },
  },
  "destroy after our end, and the peer ends": {
    run: async ({ left, right }, note) => {
      const heard = text(right.iterator({ destroyOnReturn: false }));
      left.end("everything");
      await once(left, "finish");
      left.destroy();
      note(await heard);
      right.end();
      await closed(left, right);
    },
  },
  "destroy after our end, and the peer sends": {
    run: async ({ left, right }, note) => {
      const heard = text(right.iterator({ destroyOnReturn: false }));
      left.end("everything");
      await once(left, "finish");
      left.destroy();
      note(await heard);
      right.write("for nobody");
      await settle();
      right.write("for nobody");
      await closed(left, right);
    },
  },
  "destroy with an error": {
    run: async ({ left, right }) => {
      right.resume();
      left.destroy(new Error("mine"));
      await closed(left);
      await endOf(right);
    },
    differs: {
      right: ["error lost", "close"],
      why: "the peer must know that our bytes are not all; a socket can only reset with resetAndDestroy",
    },
  },
  "destroy while a write waits": {
    run: async ({ left }, note) => {
      const writing = write(left, MUCH);
      await settle();
      left.destroy();
      note((await writing) === "written" ? "written" : "not written");
      await closed(left);
    },
    differs: {
      notes: ["not written"],
      right: ["error lost", "close"],
      why: "a socket says of a write that it cancels that it was written; and a reset is told at once, read or not",
    },
  },
  "a reset by the peer, nothing under way": {
    run: async (ends) => {
      ends.left.resume();
      ends.resetThere();
      await closed(ends.left, ends.right);
    },
  },
  "a reset by the peer while a loop reads": {
    run: async (ends, note) => {
      ends.right.write("abc");
      const reading = (async () => {
        for await (const chunk of ends.left) {
          note(String(chunk));
          ends.resetThere();
        }
      })();
      note(await outcome(reading));
      await closed(ends.left, ends.right);
    },
  },
  "a reset by the peer while a write waits": {
    run: async (ends, note) => {
      ends.left.resume();
      const writing = write(ends.left, MUCH);
      await settle();
      ends.resetThere();
      note((await writing) === "written" ? "written" : "not written");
      await closed(ends.left, ends.right);
    },
    ...lostWrite(),
  },
  "closed by us, nothing under way": {
    run: async (ends) => {
      ends.left.resume();
      ends.right.resume();
      ends.closeHere();
      await closed(ends.left);
      await endOf(ends.right);
    },
    differs: {
      right: ["error lost", "close"],
      why: "a session that ends cuts its streams: without their FIN they are not complete",
    },
  },
  "closed by us after all was read": {
    run: async (ends) => {
      ends.right.resume();
      await readToEnd(ends);
      ends.closeHere();
      await closed(ends.left);
    },
    differs: {
      right: ["finish", "error lost", "close"],
      why: "as above: the peer waits for our end, and never gets it",
    },
  },
  "closed by us while a write waits": {
    run: async (ends, note) => {
      ends.right.on("error", () => {});
      await readToEnd(ends);
      const writing = write(ends.left, MUCH);
      await settle();
      ends.closeHere();
      note((await writing) === "written" ? "written" : "not written");
      await closed(ends.left);
    },
    ...lostWrite({ right: ["finish"] }),
  },
  "closed by the peer after all was read": {
    run: async (ends) => {
      ends.right.resume();
      await readToEnd(ends);
      ends.closeThere();
      await closed(ends.right);
    },
    differs: {
      left: ["end", "close"],
      why: "a socket learns of it only when it writes; a stream of a session that ended is closed",
    },
  },
  "closed by the peer before its end": {
    run: async (ends) => {
      ends.left.resume();
      ends.closeThere();
      await closed(ends.right);
      await endOf(ends.left);
    },
    differs: {
      left: ["error lost", "close"],
      why: "a session that ends cuts its streams: without their FIN they are not complete",
    },
  },
  "lost after all was read": {
    run: async (ends) => {
      ends.right.resume();
      await readToEnd(ends);
      ends.lose();
      await closed(ends.right);
    },
    differs: {
      left: ["end", "close"],
      right: ["finish", "error lost", "close"],
      why: "as above; and a connection of ours breaks for both ends, a socket resets itself",
    },
  },
  "lost while a loop reads": {
    run: async (ends, note) => {
      ends.right.write("abc");
      const reading = (async () => {
        for await (const chunk of ends.left) {
          note(String(chunk));
          ends.lose();
        }
      })();
      note(await outcome(reading));
      await closed(ends.left, ends.right);
    },
    differs: { right: ["error lost", "close"], why: "it breaks for both ends" },
  },
  "finished() of a stream read to its end, then closed by us": {
    run: async (ends, note) => {
      ends.right.resume();
      await readToEnd(ends);
      const done = outcome(finished(ends.left));
      ends.closeHere();
      note(await done);
      await closed(ends.left);
    },
    differs: { right: ["finish", "error lost", "close"], why: "as above" },
  },
  // Node's readable of a socket closes only when both directions have ended: the order here is one that it can do.
  "web streams: close, then read to the end": {
    isWeb: true,
    run: async ({ leftAsWeb, right }, note) => {
      const { readable, writable } = leftAsWeb();
      const heard = text(right.iterator({ destroyOnReturn: false }));
      const writer = writable.getWriter();
      await writer.write(Buffer.from("question"));
      const closing = writer.close();
      note(await heard);
      right.end("answer");
      note(await text(readable as never));
      await closing;
      await closed(right);
    },
  },
  "web streams: break out of a loop": {
    isWeb: true,
    run: async ({ leftAsWeb, right }, note) => {
      const { readable, writable } = leftAsWeb();
      right.resume().write("abc");
      for await (const chunk of readable) {
        note(Buffer.from(chunk).toString());
        break;
      }
      note(
        await outcome(
          writable.getWriter().closed.then(
            () => "closed",
            () => "failed",
          ),
        ),
      );
      await endOf(right);
    },
    differs: { right: ["error lost", "close"], why: "as with break out of a loop over a Duplex" },
  },
  "web streams: abort": {
    isWeb: true,
    run: async ({ leftAsWeb, right }, note) => {
      const { readable, writable } = leftAsWeb();
      right.resume();
      await writable.abort(new Error("mine"));
      note(
        await outcome(readable.getReader().read()).then((how) => (how === "mine" ? how : "failed")),
      );
      await endOf(right);
    },
    differs: { right: ["error lost", "close"], why: "as destroy with an error" },
  },
  "web streams: closed by us while nothing is under way": {
    isWeb: true,
    run: async (ends, note) => {
      const { readable, writable } = ends.leftAsWeb();
      ends.right.resume().write("abc");
      const reader = readable.getReader();
      note(Buffer.from((await reader.read()).value ?? []).toString());
      ends.closeHere();
      note(await outcome(reader.read().then(undefined, () => "failed")));
      note(await outcome(writable.getWriter().closed.then(undefined, () => "failed")));
      await endOf(ends.right);
    },
    differs: { right: ["error lost", "close"], why: "a session that ends cuts its streams" },
  },
};

for (const [name, usage] of Object.entries(USAGES)) {
  const { why, ...others } = usage.differs ?? { why: undefined };
  const verdict = why === undefined ? "as a socket" : `other than a socket: ${why}`;
  test(`[YAMUX-53] ${name}: ${verdict}`, async (t) => {
    const want = await tell(t, sockets, usage);
    const got = await tell(t, streams, usage);
    assert.deepEqual(got, { ...want, ...others });
    if (why !== undefined)
      assert.notDeepEqual(want, got, "the difference is gone: remove it from the table");
  });
}
