/** Our session joined to a Go peer (test/go/yamux/peer) over a real connection. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { TestContext } from "node:test";
import { connect as connectTls, createServer as createTlsServer } from "node:tls";
import { type Address, connectSocket } from "../../../lib/net/socket.js";
import { fromDuplex, Session, type SessionConfig, type Transport } from "../../../mux/index.js";
import {
  type GoRun,
  goTest,
  startGo,
  YAMUX_VERSIONS,
  type YamuxVersion,
  yamuxBinary,
} from "../go.js";
import { scratchDirectory } from "../scratch.js";

/** Who is at the other end, and how it is reached. */
export interface PeerKind {
  readonly version: YamuxVersion;
  readonly transport: "unix" | "tcp" | "tls";
  /** Our side. The client dials, as with go-plugin. */
  readonly side: "client" | "server";
}

/** All combinations. */
export const PEER_KINDS: readonly PeerKind[] = YAMUX_VERSIONS.flatMap((version) =>
  (["unix", "tcp", "tls"] as const).flatMap((transport) =>
    (["client", "server"] as const).map((side) => ({ version, transport, side })),
  ),
);

/** Registers a test for each kind of peer. */
export function peerTest(
  name: string,
  run: (t: TestContext, kind: PeerKind) => Promise<void>,
  kinds: readonly PeerKind[] = PEER_KINDS,
): void {
  for (const kind of kinds) {
    const { version, transport, side } = kind;
    goTest(`${name} (Go yamux ${version}, ${transport}, ${side} here)`, (t) => run(t, kind));
  }
}

/** The settings of both sides. */
export interface JoinGoOptions {
  readonly ours?: Partial<SessionConfig>;
  /** Fields of Go's Config, times in milliseconds, booleans as numbers. */
  readonly theirs?: Readonly<Record<string, number>>;
  /** Put between our session and the connection. */
  readonly between?: (transport: Transport) => Transport;
}

/** Both sides of a session. */
export interface JoinedGo {
  readonly session: Session;
  readonly peer: GoPeer;
}

/** Starts a Go peer and joins a session of ours to it. Both are closed when the test ends. */
export async function joinGo(
  t: TestContext,
  kind: PeerKind,
  { ours = {}, theirs = {}, between = (transport) => transport }: JoinGoOptions = {},
): Promise<JoinedGo> {
  const theirSide = kind.side === "client" ? "server" : "client";
  const flags = [`-side=${theirSide}`, `-config=${JSON.stringify(theirs)}`];
  if (kind.transport === "tls") flags.push("-tls");
  const network = kind.transport === "unix" ? "unix" : "tcp";
  flags.push(`-network=${network}`);
  const local = network === "unix" ? join(scratchDirectory(t), "s") : "127.0.0.1:0";
  const { transport, peer } =
    kind.side === "client"
      ? await dial(t, kind, [...flags, `-listen=${local}`])
      : await listen(t, kind, local, flags);
  const session = Session[kind.side](between(transport), ours);
  t.after(() => session.close(new Error("the test is over")));
  return { session, peer };
}

interface Connected {
  readonly transport: Transport;
  readonly peer: GoPeer;
}

async function dial(t: TestContext, kind: PeerKind, flags: readonly string[]): Promise<Connected> {
  const peer = await GoPeer.start(t, kind.version, flags);
  const network = kind.transport === "unix" ? "unix" : "tcp";
  const address: Address = { network, address: await peer.address };
  if (kind.transport !== "tls") return { transport: await connectSocket(address), peer };
  const [host, port] = address.address.split(":");
  const trusted = { ca: await certificate(), servername: "localhost" };
  const socket = connectTls({ host, port: Number(port), ...trusted });
  await new Promise<void>((resolve, reject) => {
    socket.once("secureConnect", resolve).once("error", reject);
  });
  return { transport: fromDuplex(socket), peer };
}

async function listen(
  t: TestContext,
  kind: PeerKind,
  local: string,
  flags: readonly string[],
): Promise<Connected> {
  const isTls = kind.transport === "tls";
  const text = await certificate();
  const server = isTls ? createTlsServer({ cert: text, key: text }) : createServer();
  t.after(() => server.close());
  const accepted = new Promise<Socket>((resolve, reject) => {
    server.once(isTls ? "secureConnection" : "connection", resolve);
    server.once("tlsClientError", reject);
  });
  const isUnix = kind.transport === "unix";
  await new Promise<void>((resolve) => {
    if (isUnix) server.listen(local, resolve);
    else server.listen(0, "127.0.0.1", resolve);
  });
  const address = isUnix ? local : `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const peer = await GoPeer.start(t, kind.version, [...flags, `-dial=${address}`]);
  const socket = await Promise.race([accepted, peer.ended]);
  return { transport: fromDuplex(socket), peer };
}

/** The peer's answer to a command. */
export interface Answer {
  readonly id: number;
  readonly stream: number;
  /** Bytes, streams or nanoseconds: see test/go/yamux/peer/commands.go. */
  readonly count: number;
  readonly error?: string;
}

/** The arguments of a command: see test/go/yamux/peer/commands.go. */
export interface Command {
  readonly stream?: number;
  readonly bytes?: number;
  readonly chunk?: number;
  readonly streams?: number;
}

/** A Go process with one session. */
export class GoPeer {
  readonly run: GoRun;
  /** The address on which it listens. */
  readonly address: Promise<string>;
  /** Rejects when the process ends. */
  readonly ended: Promise<never>;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #next = 1;

  private constructor(run: GoRun) {
    this.run = run;
    const { stdout } = run.child;
    assert.ok(stdout);
    const lines = createInterface({ input: stdout });
    this.ended = run.exited.then(({ code, signal, stderr }) => {
      throw new Error(`the peer ended: ${signal ?? code}\n${stderr}`);
    });
    this.ended.catch(() => {});
    const first = new Promise<string>((resolve) => {
      lines.once("line", (line) => resolve((JSON.parse(line) as { address: string }).address));
    });
    this.address = Promise.race([first, this.ended]);
    lines.on("line", (line) => {
      const answer = JSON.parse(line) as Partial<Answer>;
      const { id = 0, stream = 0, count = 0 } = answer;
      this.#waiting.get(id)?.({ ...answer, id, stream, count });
    });
  }

  static async start(
    t: TestContext,
    version: YamuxVersion,
    flags: readonly string[],
  ): Promise<GoPeer> {
    const env = flags.includes("-tls") ? { PEER_PEM: await certificate() } : {};
    const options = { holdStdin: true, env };
    return new GoPeer(startGo(t, await yamuxBinary("peer", version), flags, options));
  }

  /** Gives a command. Where it failed, `error` of the answer is Go's text. */
  async ask(what: string, command: Command = {}): Promise<Answer> {
    const id = this.#next++;
    const answered = new Promise<Answer>((resolve) => {
      this.#waiting.set(id, resolve);
    });
    this.run.child.stdin?.write(`${JSON.stringify({ id, do: what, ...command })}\n`);
    return Promise.race([answered, this.ended]);
  }

  /** Gives a command and asserts that it succeeded. */
  async do(what: string, command: Command = {}): Promise<Answer> {
    const answer = await this.ask(what, command);
    assert.equal(answer.error, undefined, `Go: ${what} ${JSON.stringify(command)}`);
    return answer;
  }

  /** Ends the process, and gives the lines that Go's yamux wrote to its log. */
  async log(): Promise<string[]> {
    this.run.child.stdin?.end();
    const { stderr } = await this.run.exited;
    return stderr.split("\n").filter((line) => line !== "");
  }

  kill(): void {
    this.run.child.kill("SIGKILL");
  }
}

let made: string | undefined;

async function certificate(): Promise<string> {
  made ??= execFileSync(await yamuxBinary("peer"), ["-new-pem"], { encoding: "utf8" });
  return made;
}
