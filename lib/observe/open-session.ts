import { FLAG, type FrameHeader, formatHeader, VERSION } from "../../mux/frame.js";
import { FrameReader } from "../../mux/frame-reader.js";
import { Session } from "../../mux/session.js";
import type { Transport } from "../../mux/transport.js";
import {
  publishSession,
  publishStream,
  type Role,
  type StreamMessage,
  sessionChannel,
  streamChannel,
} from "./diagnostics.js";
import { TappedTransport } from "./tapped-conn.js";
import { tracer } from "./trace.js";

let lastSession = 0;

/** A session over `transport`, told of on its channels and traced where somebody wants it. */
export function openSession(transport: Transport, role: Role): Session {
  const session = ++lastSession;
  const say = tracer("yamux");
  const watch =
    say !== undefined || streamChannel.hasSubscribers
      ? new StreamWatch(session, role, say)
      : undefined;
  const tapped = watch === undefined ? transport : new TappedTransport(transport, watch);
  const opened = role === "host" ? Session.client(tapped) : Session.server(tapped);
  if (watch === undefined && !sessionChannel.hasSubscribers) return opened;
  publishSession({ event: "start", session, role });
  opened.closed.then((error) => {
    watch?.end();
    say?.(`session ${session} ended${error === undefined ? "" : `: ${error.message}`}`);
    // The peer closing the connection is how sessions end in go-plugin.
    publishSession(
      error === undefined || error.code === "eof"
        ? { event: "end", session, role }
        : { event: "error", session, role, error },
    );
  });
  return opened;
}

/** Reads the frames of a session along, both ways, and tells of its streams. */
class StreamWatch {
  readonly #facts: Pick<StreamMessage, "session" | "role">;
  readonly #say: ((text: string) => void) | undefined;
  /** How many halves of each stream are closed. */
  readonly #open = new Map<number, number>();
  readonly #in = this.#reader("<-");
  readonly #out = this.#reader("->");

  constructor(session: number, role: Role, say: ((text: string) => void) | undefined) {
    this.#facts = { session, role };
    this.#say = say;
  }

  onIn(chunk: Uint8Array): void {
    this.#in.push(chunk);
  }
  onOut(chunk: Uint8Array): void {
    this.#out.push(chunk);
  }

  /** What was open when the session ended was cut off. */
  end(): void {
    for (const streamId of [...this.#open.keys()]) this.#over(streamId, "error");
  }

  #reader(arrow: string): FrameReader {
    return new FrameReader({
      onHeader: (type, flags, streamId, length) => {
        const header = { version: VERSION, type, flags, streamId, length } as FrameHeader;
        this.#say?.(`session ${this.#facts.session} ${arrow} ${formatHeader(header)}`);
        this.#track(flags, streamId);
      },
      onBody: () => {},
      onBodyEnd: () => {},
      onInvalid: (error) => this.#say?.(`session ${this.#facts.session} ${arrow} ${error.message}`),
    });
  }

  #track(flags: number, streamId: number): void {
    // Stream 0 is the session itself: pings and GoAway.
    if (streamId === 0) return;
    if (flags & FLAG.SYN && !this.#open.has(streamId)) {
      this.#open.set(streamId, 0);
      publishStream({ event: "start", ...this.#facts, streamId });
    }
    if (flags & FLAG.FIN) {
      const closed = (this.#open.get(streamId) ?? 0) + 1;
      this.#open.set(streamId, closed);
      if (closed === 2) this.#over(streamId, "end");
    }
    if (flags & FLAG.RST) this.#over(streamId, "error");
  }

  #over(streamId: number, event: "end" | "error"): void {
    if (this.#open.delete(streamId)) publishStream({ event, ...this.#facts, streamId });
  }
}
