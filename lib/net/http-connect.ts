/**
 * net/rpc behind an HTTP CONNECT [NETRPC-25]. The header is read and written on the socket, because Go's
 * client ends its lines in a bare LF, which Node's HTTP server refuses.
 */
import type { ListenOptions, Server } from "node:net";
import type { Duplex } from "node:stream";
import { Timer } from "../../protocol/async/timer.js";
import { Bound, within } from "../../protocol/async/wait.js";
import { errorText } from "../../protocol/error-text.js";
import { RpcClient, type RpcClientOptions, type RpcServer } from "../../protocol/netrpc/index.js";
import { isPluginError, PluginError } from "../errors.js";
import { type FirstLine, HttpConn, HttpRefused } from "./http-conn.js";
import { listenWith, type ServeOptions, serveConn } from "./serve-conn.js";
import { type Address, connectSocket, transportOf } from "./socket.js";

/** The path of a server that was given none. Go: `rpc.DefaultRPCPath`. */
export const DEFAULT_RPC_PATH = "/_goRPC_";

const CONNECTED = "200 Connected to Go RPC";

/** How long the other side may take for its header, in milliseconds [NETRPC-30]. */
const DEFAULT_TIMEOUT_MS = 10_000;

/** How long a client that was refused may take to close, in milliseconds. Go: 500 ms too. */
const LINGER_MS = 500;

/** Where on an HTTP server net/rpc is. */
export interface HttpPath {
  /** The path of the CONNECT, byte for byte. Default `/_goRPC_`. */
  readonly path?: string;
}

/** The path, what ends the connecting, and the options of the client. */
export interface DialHttpOptions extends RpcClientOptions, HttpPath {
  /** Ends the connecting with `connect-failed`. It has no effect on the client. */
  readonly signal?: AbortSignal;
  /** Milliseconds for connecting and the answer to the CONNECT; then `connect-timeout`. Default 10,000. Go: no limit. */
  readonly timeoutMs?: number;
}

/** The path, the codec, and how long a client may take to say what it wants. */
export interface ServeHttpOptions extends ServeOptions, HttpPath {
  /** Milliseconds for the whole header of a client; then its connection is closed. Default 10,000. Go: no limit. */
  readonly headerTimeoutMs?: number;
}

/** `HTTP/`, two digits with a dot, a space; then anything. */
const STATUS_LINE: FirstLine = {
  mayBegin: (text) => /^HTTP\/\d\.\d $/.test(text.slice(0, 9) + "HTTP/1.0 ".slice(text.length)),
  refuse: (line) => {
    const status = line.slice("HTTP/1.0 ".length);
    return status === CONNECTED ? undefined : `unexpected HTTP response: ${status}`;
  },
  malformed: "malformed HTTP response",
};

/** A method, a target and a version, with spaces between them. */
const REQUEST_LINE: FirstLine = {
  mayBegin: (text) => /^[!#$%&'*+.^_`|~\w-]{0,20}( [\x21-\x7e]*( [\x21-\x7e]*\r?)?)?$/.test(text),
  refuse: (line) =>
    /^\S+ \S+ HTTP\/1\.[01]$/.test(line) ? undefined : `malformed HTTP request ${line}`,
  malformed: "malformed HTTP request",
};

/**
 * A client on a new connection to a server of {@link listenHttp}. Waits for the answer to the CONNECT, because
 * a Go server loses the bytes that come with it. The answer is judged as it comes.
 *
 * @throws PluginError `connect-failed`, with Go's text; `connect-timeout`. Go: `rpc.DialHTTPPath`.
 */
export async function dialHttp(
  address: Address,
  options: DialHttpOptions = {},
): Promise<RpcClient> {
  const { signal, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const stop = new AbortController();
  let conn: HttpConn | undefined;
  let isLate = false;
  const bound = new Bound({ signal, timeoutMs }, (reason, cause) => {
    isLate = reason === "timeout";
    const got = conn === undefined ? "" : `, got ${conn.received}`;
    stop.abort(isLate ? new Error(`no HTTP response within ${timeoutMs} ms${got}`) : cause);
  });
  try {
    signal?.throwIfAborted();
    conn = new HttpConn(await connectSocket(address, stop.signal), STATUS_LINE);
    conn.write(Buffer.from(`CONNECT ${options.path ?? DEFAULT_RPC_PATH} HTTP/1.0\n\n`));
    await within(conn.header, { signal: stop.signal }, (_reason, cause) => cause as Error);
    return new RpcClient(conn, options);
  } catch (cause) {
    conn?.destroy();
    throw isPluginError(cause) && !isLate ? cause : dialFailed(address, cause, isLate);
  } finally {
    bound.release();
  }
}

function dialFailed({ network, address }: Address, error: unknown, isLate: boolean): PluginError {
  const cause = isPluginError(error) ? error.cause : error;
  const text = `dial-http ${network} ${address}: ${errorText(cause)}`;
  const code = isLate ? "connect-timeout" : "connect-failed";
  return new PluginError(code, text, { phase: "connect", cause });
}

/**
 * Serves one open duplex stream that begins with an HTTP CONNECT, until it ends; never rejects.
 * Another method or path, and what is no HTTP, is refused with Go's answers and closed soon after. A client that
 * does not send its header in time is closed. Go: `Server.ServeHTTP`.
 */
export async function serveHttp(
  server: RpcServer,
  duplex: Duplex,
  options: ServeHttpOptions = {},
): Promise<void> {
  const { headerTimeoutMs: timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const conn = new HttpConn(transportOf(duplex), REQUEST_LINE);
  let header: string;
  try {
    header = await within(conn.header, { timeoutMs }, () => new Error("no HTTP request in time"));
  } catch (error) {
    return error instanceof HttpRefused ? refuse(conn, BAD_REQUEST) : conn.destroy();
  }
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
  options?: ServeHttpOptions,
): Promise<Server> {
  return listenWith((socket) => void serveHttp(server, socket, options), where);
}

interface Refusal {
  readonly status: string;
  readonly body: string;
}

const BAD_REQUEST: Refusal = { status: "400 Bad Request", body: "400 Bad Request" };

/** Go's answer to a header that asks for something else; undefined for the CONNECT that is wanted. */
function refusalOf(header: string, path: string): Refusal | undefined {
  const [method, target] = header.split(" ", 2);
  if (target !== path) return { status: "404 Not Found", body: "404 page not found\n" };
  if (method === "CONNECT") return undefined;
  return { status: "405 Method Not Allowed", body: "405 must CONNECT\n" };
}

/** Resolves when the connection has ended. */
function refuse(conn: HttpConn, { status, body }: Refusal): Promise<void> {
  const head = `HTTP/1.0 ${status}\r\nContent-Type: text/plain; charset=utf-8\r\n`;
  conn.write(
    Buffer.from(`${head}Content-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`),
  );
  return new Promise((resolve) => {
    const leave = (): void => {
      linger.clear();
      conn.destroy();
      resolve();
    };
    const linger = new Timer(LINGER_MS, leave, false);
    // Reads on, because a connection with unread bytes is reset, and the answer with it.
    conn.start({ onData: () => {}, onEnd: leave });
    conn.end();
  });
}
