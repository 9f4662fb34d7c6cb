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
  type Transport,
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

/**
 * The same connection, but the chunks for `onData` are borrowed: all are copied into one buffer, which is
 * overwritten after the call.
 */
export function lending(transport: Transport): Transport {
  const buffer = Buffer.alloc(256 * 1024);
  return {
    start(handler) {
      const onData = (chunk: Uint8Array): void => {
        for (let at = 0; at < chunk.length; at += buffer.length) {
          const part = chunk.subarray(at, at + buffer.length);
          buffer.set(part);
          handler.onData(buffer.subarray(0, part.length));
          buffer.fill(0xee, 0, part.length);
        }
      };
      transport.start({ ...handler, onData });
    },
    write: (chunk, onSent) => transport.write(chunk, onSent),
    pause: () => transport.pause(),
    resume: () => transport.resume(),
    end: () => transport.end(),
    destroy: () => transport.destroy(),
    cork: () => transport.cork(),
    uncork: () => transport.uncork(),
  };
}

/** A client and a server over a pair in memory. */
export function join(t: TestContext, options: JoinOptions = {}): Joined {
  const [clientEnd, serverEnd] = duplexPair(options);
  const client = Session.client(lending(fromDuplex(clientEnd)), options.client);
  const server = Session.server(lending(fromDuplex(serverEnd)), options.server);
  t.after(() => Promise.all([cut(client), cut(server)]));
  return { client, server, clientEnd, serverEnd };
}

/** One stream between the two, from both ends. */
export async function joinStream(joined: Joined): Promise<[opened: Stream, accepted: Stream]> {
  const [opened, accepted] = await Promise.all([joined.client.open(), joined.server.accept()]);
  return [opened, accepted];
}

/** A session under test whose peer is a RawPeer. It grants no window beyond the initial one. */
export function joinRaw(
  t: TestContext,
  side: "client" | "server",
  config: Partial<SessionConfig> = {},
): { session: Session; raw: RawPeer; rawEnd: PairEnd; sessionEnd: PairEnd } {
  const [sessionEnd, rawEnd] = duplexPair();
  const raw = new RawPeer(rawEnd);
  const settings = { maxStreamWindowBytes: 256 * 1024, ...config };
  const session = Session[side](lending(fromDuplex(sessionEnd)), settings);
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

  /** Everything, after the end, which must be a normal one. */
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

/** For assert.rejects and assert.throws: accepts a MuxError of that code whose message contains the text. */
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

/** Pseudo-random bytes: a part that is lost or out of order shows. */
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

/** Lets some turns of the event loop pass: everything that waits for no timer is done then. */
export async function settle(turns = 20): Promise<void> {
  for (let i = 0; i < turns; i++) await new Promise<void>((resolve) => turn(resolve));
}

/** Collects what callbacks throw, which would fail the test otherwise. */
export function catchUncaught(t: TestContext): unknown[] {
  const thrown: unknown[] = [];
  process.setUncaughtExceptionCaptureCallback((error) => thrown.push(error));
  t.after(() => process.setUncaughtExceptionCaptureCallback(null));
  return thrown;
}

/** Keeps the process alive for a test that waits for a real timer of a session, which does not. */
export function stayAlive(t: TestContext): void {
  const timer = setInterval(() => {}, 1000);
  t.after(() => clearInterval(timer));
}
