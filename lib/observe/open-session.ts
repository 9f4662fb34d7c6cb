/** yamux sessions, for the channels `goplug:session` and `goplug:stream` and for traces. */
import { FLAG, type FrameHeader, formatHeader, VERSION } from "../../mux/frame.js";
import { FrameReader } from "../../mux/frame-reader.js";
import { Session } from "../../mux/session.js";
import type { Transport } from "../../mux/transport.js";
import { type Role, type StreamMessage, sessionChannel, streamChannel } from "./diagnostics.js";
import { TappedTransport } from "./tapped-conn.js";
import { tracer } from "./trace.js";

let lastSession = 0;

/** A session over `transport`. It is reported if somebody wants to know when it begins. */
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
  sessionChannel.publish({ event: "start", session, role });
  opened.closed.then((error) => {
    watch?.end();
    say?.(`session ${session} ended${error === undefined ? "" : `: ${error.message}`}`);
    // Sessions of go-plugin end when the peer closes the connection: that is not an error.
    sessionChannel.publish(
      error === undefined || error.code === "eof"
        ? { event: "end", session, role }
        : { event: "error", session, role, error },
    );
  });
  return opened;
}

/** Reads the frames of a session in both directions and reports its streams. */
class StreamWatch {
  readonly #facts: Pick<StreamMessage, "session" | "role">;
  readonly #say: ((text: string) => void) | undefined;
  /** How many halves of each open stream are closed. */
  readonly #closedHalves = new Map<number, number>();
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

  /** The session has ended, and its open streams with it. */
  end(): void {
    for (const streamId of [...this.#closedHalves.keys()]) this.#over(streamId, "error");
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
    if (flags & FLAG.SYN && !this.#closedHalves.has(streamId)) {
      this.#closedHalves.set(streamId, 0);
      streamChannel.publish({ event: "start", ...this.#facts, streamId });
    }
    const closed = this.#closedHalves.get(streamId);
    // A FIN may cross a reset, and then comes for a stream that is over.
    if (closed === undefined) return;
    if (flags & FLAG.RST) this.#over(streamId, "error");
    else if (flags & FLAG.FIN) {
      if (closed === 1) this.#over(streamId, "end");
      else this.#closedHalves.set(streamId, 1);
    }
  }

  #over(streamId: number, event: "end" | "error"): void {
    if (this.#closedHalves.delete(streamId)) {
      streamChannel.publish({ event, ...this.#facts, streamId });
    }
  }
}
