import type { ListenOptions, Server } from "node:net";
import type { Duplex } from "node:stream";
import type { ByteConn, ConnHandler } from "../../protocol/bytes/conn.js";
import { ForwardingConn } from "../../protocol/bytes/forwarding-conn.js";
import { RpcClient, type RpcClientOptions, type RpcServer } from "../../protocol/netrpc/index.js";
import { PluginError } from "../errors.js";
import { listenWith, type ServeOptions, serveConn } from "./serve-conn.js";
import { type Address, connectSocket, transportOf } from "./socket.js";

/**
 * net/rpc behind an HTTP CONNECT. By hand on the socket: Go's client ends its lines in a bare LF, which
 * Node's HTTP server refuses [NETRPC-25].
 */

/** Go: `rpc.DefaultRPCPath`. */
export const DEFAULT_RPC_PATH = "/_goRPC_";

const CONNECTED = "200 Connected to Go RPC";
const MAX_HEADER_BYTES = 16 * 1024;

export interface HttpPath {
  /** Default `/_goRPC_`. */
  readonly path?: string;
}

export interface DialHttpOptions extends RpcClientOptions, HttpPath {
  /** Ends the connecting. */
  readonly signal?: AbortSignal;
}

/**
 * A client on a new connection to a server of {@link listenHttp}. Resolves when that has answered,
 * because a Go server loses what comes with the CONNECT.
 *
 * @throws PluginError `connect-failed`, with Go's text. Go: `rpc.DialHTTPPath`.
 */
export async function dialHttp(
  address: Address,
  options: DialHttpOptions = {},
): Promise<RpcClient> {
  const conn = new HttpConn(await connectSocket(address, options.signal));
  const onAbort = () => conn.destroy();
  options.signal?.addEventListener("abort", onAbort, { once: true });
  try {
    conn.write(Buffer.from(`CONNECT ${options.path ?? DEFAULT_RPC_PATH} HTTP/1.0\n\n`));
    const header = await conn.header();
    const [, status = ""] = /^HTTP\/\d\.\d ([^\r\n]*)\r?\n/.exec(header) ?? [];
    if (status !== CONNECTED) throw new Error(`unexpected HTTP response: ${status}`);
    return new RpcClient(conn, options);
  } catch (error) {
    conn.destroy();
    const cause = options.signal?.aborted ? options.signal.reason : error;
    const text = `dial-http ${address.network} ${address.address}: ${(cause as Error).message}`;
    throw new PluginError("connect-failed", text, { phase: "connect", cause });
  } finally {
    options.signal?.removeEventListener("abort", onAbort);
  }
}

/**
 * Serves one open duplex stream that begins with an HTTP CONNECT, until it ends; never rejects.
 * Another method or path is refused with Go's answers. Go: `Server.ServeHTTP`.
 */
export async function serveHttp(
  server: RpcServer,
  duplex: Duplex,
  options: ServeOptions & HttpPath = {},
): Promise<void> {
  const conn = new HttpConn(transportOf(duplex));
  const header = await conn.header().catch(() => undefined);
  if (header === undefined) return conn.destroy();
  const refusal = refusalOf(header, options.path ?? DEFAULT_RPC_PATH);
  if (refusal === undefined) {
    conn.write(Buffer.from(`HTTP/1.0 ${CONNECTED}\n\n`));
    return serveConn(server, conn, options);
  }
  const { status, body } = refusal;
  const head = `HTTP/1.0 ${status}\r\nContent-Type: text/plain; charset=utf-8\r\n`;
  conn.write(
    Buffer.from(`${head}Content-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`),
  );
  conn.start({ onData: () => {}, onEnd: () => {} });
  conn.end();
}

/** Listens and serves every connection; the Node server is the caller's to close. Go: `HandleHTTP`. */
export function listenHttp(
  server: RpcServer,
  where: ListenOptions,
  options?: ServeOptions & HttpPath,
): Promise<Server> {
  return listenWith((socket) => void serveHttp(server, socket, options), where);
}

function refusalOf(header: string, path: string): { status: string; body: string } | undefined {
  const [, method, target] = /^(\S+) (\S+) HTTP\/1\.[01]\r?\n/.exec(header) ?? [];
  if (method === undefined) return { status: "400 Bad Request", body: "400 Bad Request" };
  if (target !== path) return { status: "404 Not Found", body: "404 page not found\n" };
  if (method === "CONNECT") return undefined;
  return { status: "405 Method Not Allowed", body: "405 must CONNECT\n" };
}

/** A connection whose first bytes are an HTTP header, and whose rest is what follows it. */
class HttpConn extends ForwardingConn {
  readonly #header: Promise<string>;
  #sink: ConnHandler | undefined;
  /** What came with the header, and an end that came before there was a sink. */
  #rest: Uint8Array | undefined;
  #end: { readonly error: Error | undefined } | undefined;

  constructor(conn: ByteConn) {
    super(conn);
    this.#header = new Promise((resolve, reject) => {
      let text = "";
      let isDone = false;
      const fail = (error: Error) => {
        reject(error);
        conn.destroy();
      };
      conn.start({
        onData: (chunk) => {
          if (isDone) return this.#sink?.onData(chunk);
          const seen = text.length;
          text += Buffer.from(chunk).toString("latin1");
          const end = /\n\r?\n/.exec(text);
          if (end === null) {
            if (text.length > MAX_HEADER_BYTES) fail(new Error("HTTP header is too long"));
            return;
          }
          isDone = true;
          const length = end.index + end[0].length;
          this.#rest = new Uint8Array(chunk.subarray(length - seen));
          // Until somebody takes it.
          conn.pause();
          resolve(text.slice(0, length));
        },
        onEnd: (error) => {
          this.#end = { error };
          reject(error ?? new Error("unexpected EOF"));
          this.#sink?.onEnd(error);
        },
        onDrain: () => this.#sink?.onDrain?.(),
      });
    });
    // Whoever destroys a connection need not wait for its header.
    this.#header.catch(() => {});
  }

  /** The header with the empty line that ends it. Rejects when the connection ends before. */
  header(): Promise<string> {
    return this.#header;
  }

  start(sink: ConnHandler): void {
    this.#sink = sink;
    const rest = this.#rest;
    this.#rest = undefined;
    if (rest !== undefined && rest.length > 0) sink.onData(rest);
    if (this.#end !== undefined) sink.onEnd(this.#end.error);
    else this.conn.resume();
  }
}
