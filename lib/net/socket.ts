/** Sockets as the mux layer wants them, and where plugins listen. */
import { connect, type NetConnectOpts, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { DuplexTransport, fromDuplex } from "../../mux/duplex-transport.js";
import type { Transport } from "../../mux/transport.js";
import type { ConnHandler } from "../../protocol/bytes/conn.js";
import { parseHostPort } from "../../protocol/handshake/index.js";
import { PluginError } from "../errors.js";

/** Where a plugin listens, as its handshake line says. */
export interface Address {
  readonly network: "unix" | "tcp";
  /** A socket path, or `host:port`. */
  readonly address: string;
}

/**
 * Reads are made into one buffer of this size; what arrives is borrowed from it. More than a Unix socket holds
 * (208 KiB on Linux): a buffer that was filled is read again, most often for nothing.
 */
const READ_BUFFER_BYTES = 256 * 1024;

/** `sun_path` less its final NUL. Node cuts longer paths silently, so we refuse them. */
const MAX_SOCKET_PATH_BYTES = process.platform === "darwin" ? 103 : 107;

export function assertSocketPath(path: string, phase: "connect" | "serve"): void {
  const byteLength = Buffer.byteLength(path);
  if (byteLength <= MAX_SOCKET_PATH_BYTES || process.platform === "win32") return;
  throw new PluginError(
    "path-too-long",
    `plugin: socket path is ${byteLength} bytes long, at most ${MAX_SOCKET_PATH_BYTES} work ` +
      `(${path}); choose a shorter temporary directory`,
    { phase, path },
  );
}

/** How a socket is opened: as it is here, or with TLS on top. */
export interface Dialling {
  /** Makes the socket. It gets the address with the options that this file needs. */
  readonly dial: (options: NetConnectOpts) => Socket;
  /** The event of a socket that is ready for use. */
  readonly readyEvent: "connect" | "secureConnect";
  /** The error when it does not get there; `isConnected` tells whether the plain socket did. */
  readonly failed: (where: string, cause: Error, isConnected: boolean) => PluginError;
}

const PLAIN: Dialling = {
  dial: connect,
  readyEvent: "connect",
  failed: connectFailed,
};

/** A connected socket as the mux layer wants it. */
export type SocketTransport = DuplexTransport<Socket>;

/**
 * Connects to a plugin. Reading goes through one reused buffer: no allocation per read, 1.5 to 2
 * times the throughput of `data` events. Only connecting sockets can do that, accepted ones cannot.
 * The buffer keeps nothing: start the transport as soon as the promise resolves.
 *
 * @throws PluginError `connect-failed`, `path-too-long`.
 */
export function connectSocket(
  address: Address,
  signal?: AbortSignal,
  { dial, readyEvent, failed }: Dialling = PLAIN,
): Promise<SocketTransport> {
  return new Promise((resolve, reject) => {
    let reader: ConnHandler | undefined;
    const onread = {
      buffer: Buffer.allocUnsafeSlow(READ_BUFFER_BYTES),
      callback: (byteLength: number, buffer: Uint8Array) => {
        reader?.onData(buffer.subarray(0, byteLength));
        return true;
      },
    };
    const socket = dial({ ...socketOptions(address), onread } as NetConnectOpts);
    let isConnected = false;
    const settle = () => {
      socket.off("error", onError);
      signal?.removeEventListener("abort", onAbort);
    };
    const onError = (cause: Error) => {
      settle();
      socket.destroy();
      reject(failed(`${address.network} ${address.address}`, cause, isConnected));
    };
    const onAbort = () => onError(signal?.reason as Error);
    if (signal?.aborted) return onAbort();
    signal?.addEventListener("abort", onAbort, { once: true });
    socket.once("error", onError);
    socket.once("connect", () => {
      isConnected = true;
    });
    socket.once(readyEvent, () => {
      settle();
      socket.setNoDelay(true);
      const read = (handler: ConnHandler): void => {
        reader = handler;
      };
      resolve(new DuplexTransport(socket, { releasesChunks: true, read }));
    });
  });
}

/** Nobody listens there, or the system does not let us. */
export function connectFailed(where: string, cause: Error): PluginError {
  const text = `dial ${where}: ${cause.message}`;
  return new PluginError("connect-failed", text, { phase: "connect", cause });
}

function socketOptions({ network, address }: Address): NetConnectOpts {
  if (network === "tcp") return parseHostPort(address);
  // On Linux Go writes an abstract socket as @name; Node wants a leading NUL.
  if (address.startsWith("@") && process.platform === "linux") {
    return { path: `\0${address.slice(1)}` };
  }
  assertSocketPath(address, "connect");
  return { path: address };
}

/** Any Duplex as the mux layer wants it. Sockets are known to need nothing that they have written. */
export const transportOf = (duplex: Duplex): Transport =>
  fromDuplex(duplex, { releasesChunks: duplex instanceof Socket });
