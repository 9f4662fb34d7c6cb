/**
 * Our session with other JavaScript implementations of yamux, in memory. js.expected.ts lists what they cannot do. A listed case
 * that works fails, thus the list stays correct.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fromDuplex, Session, type SessionConfig } from "../../../mux/index.js";
import { type DuplexPairOptions, duplexPair } from "../../helpers/duplex-pair.js";
import {
  OTHERS,
  type OtherSession,
  type OtherStream,
  type StartOther,
} from "../../helpers/yamux/js-peers.js";
import { echo, PatternEnd, slice } from "../../helpers/yamux/pattern-end.js";
import { muxError, settle } from "../../mux/helpers.js";
import { EXPECTED_FAILURES } from "./js.expected.js";

const KIB = 1024;

interface Both {
  readonly ours: Session;
  readonly theirs: OtherSession;
}

interface Case {
  /** The clause that the case shows best. */
  readonly clause: string;
  readonly connection?: DuplexPairOptions;
  /** Our settings. */
  readonly config?: Partial<SessionConfig>;
  run(both: Both): Promise<void>;
}

async function opened({ ours, theirs }: Both): Promise<[PatternEnd, OtherStream]> {
  const [stream, other] = await Promise.all([ours.open(), theirs.accept()]);
  assert.equal(other.id, stream.id);
  return [new PatternEnd(stream).start(), other];
}

async function accepted({ ours, theirs }: Both): Promise<[PatternEnd, OtherStream]> {
  const [stream, other] = await Promise.all([ours.accept(), theirs.open()]);
  assert.equal(other.id, stream.id);
  return [new PatternEnd(stream).start(), other];
}

/** Sends bytes to the other side. When it has them all, it sends them back. */
async function there([end, other]: [PatternEnd, OtherStream], byteLength: number): Promise<void> {
  await end.write(byteLength);
  const got = await other.inbox.first(byteLength);
  for (let at = 0; at < byteLength; at += 32 * KIB) {
    const sent = slice(other.id, at, Math.min(32 * KIB, byteLength - at));
    assert.equal(Buffer.compare(got.subarray(at, at + sent.length), sent), 0);
    other.write(sent);
  }
  await end.reached(byteLength);
}

const CASES: Readonly<Record<string, Case>> = {
  "takes our streams": {
    clause: "YAMUX-10",
    run: async (both) => there(await opened(both), 1000),
  },
  "opens streams": { clause: "YAMUX-12", run: async (both) => there(await accepted(both), 1000) },
  "1 MiB each way on our stream": {
    clause: "YAMUX-23",
    run: async (both) => there(await opened(both), 1024 * KIB),
  },
  "1 MiB each way on its stream": {
    clause: "YAMUX-23",
    run: async (both) => there(await accepted(both), 1024 * KIB),
  },
  "1 MiB each way on our stream, with windows of 256 KiB": {
    clause: "YAMUX-20",
    config: { maxStreamWindowBytes: 256 * KIB },
    run: async (both) => there(await opened(both), 1024 * KIB),
  },
  "20 of its streams at once": {
    clause: "YAMUX-8",
    run: async ({ ours, theirs }) => {
      ours.onStream = echo;
      const one = async (): Promise<void> => {
        const other = await theirs.open();
        const sent = slice(other.id, 0, 100 * KIB);
        other.write(sent);
        assert.equal(Buffer.compare(await other.inbox.first(sent.length), sent), 0);
      };
      await Promise.all(Array.from({ length: 20 }, one));
    },
  },
  "frames cut in pieces of 5 bytes": {
    clause: "YAMUX-5",
    connection: { chunkBytes: 5 },
    run: async (both) => there(await accepted(both), 1000),
  },
  "sees our end, and goes on writing": {
    clause: "YAMUX-33",
    run: async (both) => {
      const [end, other] = await accepted(both);
      await end.write(1000);
      end.stream.end();
      await other.inbox.first(1000);
      await other.inbox.ended;
      other.write(slice(other.id, 0, 1000));
      await end.reached(1000);
    },
  },
  "ends, and goes on reading": {
    clause: "YAMUX-33",
    run: async (both) => {
      const [end, other] = await accepted(both);
      other.write(slice(other.id, 0, 1000));
      other.end();
      assert.equal(await end.end, undefined);
      assert.equal(end.received, 1000);
      await end.write(1000);
      end.stream.end();
      await other.inbox.first(1000);
      await end.stream.closed;
    },
  },
  "sees our reset": {
    clause: "YAMUX-34",
    run: async (both) => {
      const [end, other] = await accepted(both);
      end.stream.destroy();
      await other.inbox.reset;
    },
  },
  "answers pings": {
    clause: "YAMUX-42",
    run: async ({ ours }) => assert.ok((await ours.ping()) >= 0),
  },
  "answers many pings at once": {
    clause: "YAMUX-42",
    run: async ({ ours }) => {
      await Promise.all(Array.from({ length: 50 }, () => ours.ping()));
    },
  },
  pings: {
    clause: "YAMUX-41",
    run: async ({ theirs }) => assert.equal(typeof (await theirs.ping()), "number"),
  },
  "its GoAway stops our opens": {
    clause: "YAMUX-40",
    run: async ({ ours, theirs }) => {
      theirs.goAway();
      await settle();
      await assert.rejects(ours.open(), muxError("remote-go-away"));
    },
  },
  "after our GoAway its streams go on": {
    clause: "YAMUX-40",
    run: async (both) => {
      const pair = await accepted(both);
      both.ours.goAway();
      await settle();
      await there(pair, 1000);
    },
  },
  "a reader that stops holds us back": {
    clause: "YAMUX-21",
    run: async (both) => {
      const [end, other] = await accepted(both);
      other.pause();
      void end.write(8 * 1024 * KIB);
      await settle(500);
      assert.ok(end.stream.write(new Uint8Array(0)) === false, "8 MiB are gone");
    },
  },
  "keeps to our window": {
    clause: "YAMUX-22",
    run: async (both) => {
      const [stream, other] = await Promise.all([both.ours.accept(), both.theirs.open()]);
      for (let at = 0; at < 2048 * KIB; at += 64 * KIB) other.write(slice(other.id, at, 64 * KIB));
      await settle(200);
      assert.equal(both.ours.isClosed, false);
      const end = new PatternEnd(stream).start();
      await end.reached(2048 * KIB);
    },
  },
};

/** How long a case may take; a listed one fails sooner. */
const LIMIT_MS = 120_000;
const LISTED_LIMIT_MS = 500;

function limited(run: Promise<void>, limitMs: number, theirs: OtherSession): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`nothing for ${limitMs} ms`)), limitMs);
    Promise.race([run, theirs.failed])
      .finally(() => clearTimeout(timer))
      .then(resolve, reject);
  });
}

for (const [name, start] of Object.entries(OTHERS)) {
  for (const side of ["client", "server"] as const) {
    for (const [what, wanted] of Object.entries(CASES)) {
      const reason =
        EXPECTED_FAILURES[name]?.[what] ?? EXPECTED_FAILURES[name]?.[`${what}: ${side}`];
      const known = reason === undefined ? "" : `; known not to: ${reason}`;
      test(`[${wanted.clause}] ${name}, ${side} here: ${what}${known}`, async (t) => {
        const both = join(start, side, wanted);
        t.after(() => {
          both.theirs.stop();
          return both.ours.close(new Error("the test is over"));
        });
        const run = wanted.run(both);
        run.catch(() => {});
        if (reason === undefined) return limited(run, LIMIT_MS, both.theirs);
        await assert.rejects(
          limited(run, LISTED_LIMIT_MS, both.theirs),
          "works: take it off the list",
        );
      });
    }
  }
}

function join(start: StartOther, side: "client" | "server", wanted: Case): Both {
  const [here, there] = duplexPair(wanted.connection);
  // When the test ends the connection breaks, which is not an error of the other side.
  there.on("error", () => {});
  const theirs = start(there, side === "client" ? "server" : "client");
  return { ours: Session[side](fromDuplex(here), wanted.config), theirs };
}
