/** Sessions joined in memory, or to a peer that breaks rules, and readers that tell what they saw. */

import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import {
  fromDuplex,
  isMuxError,
  type MuxErrorCode,
  Session,
  type SessionConfig,
  type Stream,
} from "../../mux/index.js";
import { type DuplexPairOptions, duplexPair, type PairEnd } from "../helpers/duplex-pair.js";
import { RawPeer } from "./raw-peer.js";

export interface JoinOptions extends DuplexPairOptions {
  readonly client?: Partial<SessionConfig>;
  readonly server?: Partial<SessionConfig>;
}

export interface Joined {
  readonly client: Session;
  readonly server: Session;
  readonly clientEnd: PairEnd;
  readonly serverEnd: PairEnd;
}

/** A client and a server over a pair in memory. */
export function join(t: TestContext, options: JoinOptions = {}): Joined {
  const [clientEnd, serverEnd] = duplexPair(options);
  const client = Session.client(fromDuplex(clientEnd), options.client);
  const server = Session.server(fromDuplex(serverEnd), options.server);
  t.after(() => Promise.all([cut(client), cut(server)]));
  return { client, server, clientEnd, serverEnd };
}

/** One stream between the two, from both ends. */
export async function joinStream(joined: Joined): Promise<[opened: Stream, accepted: Stream]> {
  const [opened, accepted] = await Promise.all([joined.client.open(), joined.server.accept()]);
  return [opened, accepted];
}

/** A session under test whose peer is written by hand. Without a window beyond the initial one. */
export function joinRaw(
  t: TestContext,
  side: "client" | "server",
  config: Partial<SessionConfig> = {},
): { session: Session; raw: RawPeer; rawEnd: PairEnd; sessionEnd: PairEnd } {
  const [sessionEnd, rawEnd] = duplexPair();
  const raw = new RawPeer(rawEnd);
  const settings = { maxStreamWindowBytes: 256 * 1024, ...config };
  const session = Session[side](fromDuplex(sessionEnd), settings);
  t.after(() => cut(session));
  return { session, raw, rawEnd, sessionEnd };
}

const cut = (session: Session): Promise<void> => session.close(new Error("the test is over"));

/** What a stream delivered. */
export class Seen {
  readonly chunks: Buffer[] = [];
  #length = 0;
  #wanted: { length: number; resolve: () => void } | undefined;
  readonly end: Promise<Error | undefined>;

  /** Starts `stream`. */
  constructor(stream: Stream) {
    this.end = new Promise((resolve) => {
      stream.start({
        onData: (chunk) => {
          this.chunks.push(Buffer.from(chunk));
          this.#length += chunk.length;
          if (this.#wanted && this.#length >= this.#wanted.length) this.#wanted.resolve();
        },
        onEnd: resolve,
      });
    });
  }

  get byteLength(): number {
    return this.#length;
  }

  get text(): string {
    return Buffer.concat(this.chunks).toString("latin1");
  }

  /** Resolves when that much has arrived. */
  async reached(length: number): Promise<void> {
    if (this.#length >= length) return;
    await new Promise<void>((resolve) => {
      this.#wanted = { length, resolve };
    });
  }

  /** Everything, after the end, which must be in order. */
  async all(): Promise<Buffer> {
    assert.equal(await this.end, undefined);
    return Buffer.concat(this.chunks);
  }

  /** Everything, as text. */
  async allText(): Promise<string> {
    return (await this.all()).toString("latin1");
  }
}

export const read = (stream: Stream): Seen => new Seen(stream);

/** For assert.rejects and assert.throws: a MuxError of that code whose message has that text. */
export function muxError(code: MuxErrorCode, text: string | RegExp = "") {
  return (error: unknown): true => {
    assert.ok(isMuxError(error), `not a MuxError: ${error}`);
    assert.equal(error.code, code, error.message);
    const isThere =
      typeof text === "string" ? error.message.includes(text) : text.test(error.message);
    assert.ok(isThere, `${text} is not in: ${error.message}`);
    return true;
  };
}

/** Bytes that differ from place to place. */
export function pattern(length: number, seed = 1): Buffer {
  const bytes = Buffer.alloc(length);
  let state = seed;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes[i] = state >>> 24;
  }
  return bytes;
}

const turn = setImmediate;

/** Lets everything that is due run: pending turns of the event loop, not time. */
export async function settle(turns = 20): Promise<void> {
  for (let i = 0; i < turns; i++) await new Promise<void>((resolve) => turn(resolve));
}
