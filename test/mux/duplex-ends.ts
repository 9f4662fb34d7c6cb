/** Connections that users see as two Node duplexes: of TCP sockets, and of our streams. What they emit is recorded. */
import { once } from "node:events";
import net from "node:net";
import { Duplex } from "node:stream";
import type { TestContext } from "node:test";
import { isMuxError, toDuplex, toWeb } from "../../mux/index.js";
import { join, joinStream } from "./helpers.js";

/** The two ends of one connection, and what can happen to it as a whole. */
export interface Ends {
  readonly left: Duplex;
  readonly right: Duplex;
  /** The left end as web streams, in place of `left`. */
  leftAsWeb(): ReturnType<typeof toWeb>;
  /** The left side closes everything: `Session.close`, or `destroy` of a socket. */
  closeHere(): void;
  /** The right side does. */
  closeThere(): void;
  /** The connection breaks. */
  lose(): void;
  /** The right end resets. */
  resetThere(): void;
}

/** Sockets with `allowHalfOpen`. */
export async function sockets(t: TestContext): Promise<Ends> {
  const server = net.createServer({ allowHalfOpen: true });
  t.after(() => server.close());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as net.AddressInfo;
  const connection = once(server, "connection");
  const left = net.connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  const [[right]] = (await Promise.all([connection, once(left, "connect")])) as [
    [net.Socket],
    unknown,
  ];
  t.after(() => {
    left.on("error", () => {}).destroy();
    right.on("error", () => {}).destroy();
  });
  return {
    left,
    right,
    leftAsWeb: () => Duplex.toWeb(left) as unknown as ReturnType<typeof toWeb>,
    closeHere: () => left.destroy(),
    closeThere: () => right.destroy(),
    lose: () => right.resetAndDestroy(),
    resetThere: () => right.resetAndDestroy(),
  };
}

/** One stream of a session, over a pair in memory. */
export async function streams(t: TestContext): Promise<Ends> {
  // As between processes: what is written does not arrive in the same turn.
  const joined = join(t, { delayTurns: 1 });
  const [a, b] = await joinStream(joined);
  let left: Duplex | undefined;
  const right = toDuplex(b);
  t.after(() => {
    left?.on("error", () => {}).destroy();
    right.on("error", () => {}).destroy();
  });
  return {
    get left() {
      left ??= toDuplex(a);
      return left;
    },
    right,
    leftAsWeb: () => toWeb(a),
    closeHere: () => void joined.client.close(),
    closeThere: () => void joined.server.close(),
    lose: () => void joined.client.close(new Error("the cable broke")),
    resetThere: () => right.destroy(),
  };
}

/** What one end emits, in order; the words are the same for sockets and streams. */
export function record(end: Duplex, log: string[]): void {
  end.on("end", () => log.push("end"));
  end.on("finish", () => log.push("finish"));
  end.on("close", () => log.push("close"));
  end.on("error", (error) => log.push(`error ${said(error)}`));
}

const LOST = new Set(["ECONNRESET", "EPIPE", "ECONNABORTED"]);

/** An error in a word. */
export function said(error: unknown): string {
  const { code, message } = error as { readonly code?: string; readonly message: string };
  if (isMuxError(error) || (code !== undefined && LOST.has(code))) return "lost";
  return code?.startsWith("ERR_STREAM") ? code : message;
}
