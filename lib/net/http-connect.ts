/**
 * net/rpc behind an HTTP CONNECT [NETRPC-25]. The header is read and written on the socket, because Go's
 * client ends its lines in a bare LF, which Node's HTTP server refuses.
 */
import type { ListenOptions, Server } from "node:net";
import type { Duplex } from "node:stream";
import { Deferred } from "../../protocol/async/deferred.js";
import { within } from "../../protocol/async/wait.js";
import type { ByteConn, ConnHandler } from "../../protocol/bytes/conn.js";
import { ForwardingConn } from "../../protocol/bytes/forwarding-conn.js";
import { RpcClient, type RpcClientOptions, type RpcServer } from "../../protocol/netrpc/index.js";
import { PluginError } from "../errors.js";
import { listenWith, type ServeOptions, serveConn } from "./serve-conn.js";
import { type Address, connectSocket, transportOf } from "./socket.js";

/** The path of a server that was given none. Go: `rpc.DefaultRPCPath`. */
export const DEFAULT_RPC_PATH = "/_goRPC_";

const CONNECTED = "200 Connected to Go RPC";
const MAX_HEADER_BYTES = 16 * 1024;

/** Where on an HTTP server net/rpc is. */
export interface HttpPath {
  /** The path of the CONNECT, byte for byte. Default `/_goRPC_`. */
  readonly path?: string;
}

/** The path, what ends the connecting, and the options of the client. */
export interface DialHttpOptions extends RpcClientOptions, HttpPath {
  /** Ends the connecting with `connect-failed`. It has no effect on the client. */
  readonly signal?: AbortSignal;
}

/**
 * A client on a new connection to a server of {@link listenHttp}. Waits for the answer to the CONNECT, because
 * a Go server loses the bytes that come with it.
 *
 * @throws PluginError `connect-failed`, with Go's text. Go: `rpc.DialHTTPPath`.
 */
export async function dialHttp(
  address: Address,
  options: DialHttpOptions = {},
): Promise<RpcClient> {
  const conn = new HttpConn(await connectSocket(address, options.signal));
  const { signal } = options;
  try {
    conn.write(Buffer.from(`CONNECT ${options.path ?? DEFAULT_RPC_PATH} HTTP/1.0\n\n`));
    const header = await within(conn.header, { signal }, (_reason, cause) => cause as Error);
    const [, status = ""] = /^HTTP\/\d\.\d ([^\r\n]*)\r?\n/.exec(header) ?? [];
    if (status !== CONNECTED) throw new Error(`unexpected HTTP response: ${status}`);
    return new RpcClient(conn, options);
  } catch (cause) {
    conn.destroy();
    const text = `dial-http ${address.network} ${address.address}: ${(cause as Error).message}`;
    throw new PluginError("connect-failed", text, { phase: "connect", cause });
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
  const header = await conn.header.catch(() => undefined);
  if (header === undefined) return conn.destroy();
  const refusal = refusalOf(header, options.path ?? DEFAULT_RPC_PATH);
  if (refusal !== undefined) return refuse(conn, refusal);
  conn.write(Buffer.from(`HTTP/1.0 ${CONNECTED}\n\n`));
  return serveConn(server, conn, options);
}

/**
 * Listens and serves every connection. Resolves with the Node server, which the caller must close; rejects
 * with Node's error when it cannot listen. Go: `Server.HandleHTTP`.
 */
export function listenHttp(
  server: RpcServer,
  where: ListenOptions,
  options?: ServeOptions & HttpPath,
): Promise<Server> {
  return listenWith((socket) => void serveHttp(server, socket, options), where);
}

interface Refusal {
  readonly status: string;
  readonly body: string;
}

/** Go's answer to a header that asks for something else; undefined for the CONNECT that is wanted. */
function refusalOf(header: string, path: string): Refusal | undefined {
  const [, method, target] = /^(\S+) (\S+) HTTP\/1\.[01]\r?\n/.exec(header) ?? [];
  if (method === undefined) return { status: "400 Bad Request", body: "400 Bad Request" };
  if (target !== path) return { status: "404 Not Found", body: "404 page not found\n" };
  if (method === "CONNECT") return undefined;
  return { status: "405 Method Not Allowed", body: "405 must CONNECT\n" };
}

function refuse(conn: HttpConn, { status, body }: Refusal): void {
  const head = `HTTP/1.0 ${status}\r\nContent-Type: text/plain; charset=utf-8\r\n`;
  conn.write(
    Buffer.from(`${head}Content-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`),
  );
  // Reads on to the end, because a connection with unread bytes is reset, and the answer with it.
  conn.start({ onData: () => {}, onEnd: () => {} });
  conn.end();
}

/** What has arrived of a connection that begins with an HTTP header. */
type Arrival =
  /** A part of the header. */
  | { readonly at: "header"; readonly text: string }
  /** The header, the first bytes after it, and perhaps the end. The connection is paused for its handler. */
  | { readonly at: "rest"; readonly bytes: Uint8Array; end?: { readonly error: Error | undefined } }
  /** The handler has got everything so far, and gets what follows. */
  | { readonly at: "handler"; readonly handler: ConnHandler };

/** A connection whose first bytes are an HTTP header. Its handler gets the bytes behind that. */
class HttpConn extends ForwardingConn {
  readonly #header = new Deferred<string>();
  #arrival: Arrival = { at: "header", text: "" };

  constructor(conn: ByteConn) {
    super(conn);
    // The header may fail while nobody waits for it.
    this.#header.promise.catch(() => {});
    conn.start({
      onData: (chunk) => this.#onData(chunk),
      onEnd: (error) => this.#onEnd(error),
      onDrain: () => {
        if (this.#arrival.at === "handler") this.#arrival.handler.onDrain?.();
      },
    });
  }

  /** The header with the empty line that ends it. Rejects when the connection ends before that line. */
  get header(): Promise<string> {
    return this.#header.promise;
  }

  /** To be called when the header is there. */
  start(handler: ConnHandler): void {
    const arrival = this.#arrival;
    if (arrival.at !== "rest") throw new Error("http-connect: started twice, or before the header");
    this.#arrival = { at: "handler", handler };
    if (arrival.bytes.length > 0) handler.onData(arrival.bytes);
    if (arrival.end === undefined) this.conn.resume();
    else handler.onEnd(arrival.end.error);
  }

  #onData(chunk: Uint8Array): void {
    const arrival = this.#arrival;
    if (arrival.at === "handler") arrival.handler.onData(chunk);
    else if (arrival.at === "header") this.#readHeader(arrival.text, chunk);
  }

  #readHeader(before: string, chunk: Uint8Array): void {
    const text = before + Buffer.from(chunk).toString("latin1");
    const end = /\n\r?\n/.exec(text);
    if (end === null) {
      this.#arrival = { at: "header", text };
      if (text.length <= MAX_HEADER_BYTES) return;
      this.#header.reject(new Error("HTTP header is too long"));
      this.conn.destroy();
      return;
    }
    const length = end.index + end[0].length;
    // A copy, because the chunk is borrowed.
    this.#arrival = { at: "rest", bytes: new Uint8Array(chunk.subarray(length - before.length)) };
    this.conn.pause();
    this.#header.resolve(text.slice(0, length));
  }

  #onEnd(error: Error | undefined): void {
    const arrival = this.#arrival;
    if (arrival.at === "handler") arrival.handler.onEnd(error);
    else if (arrival.at === "rest") arrival.end = { error };
    else this.#header.reject(error ?? new Error("unexpected EOF"));
  }
}
