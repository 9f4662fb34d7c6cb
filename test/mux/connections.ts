/** The kinds of connection that a session runs over, each with both ends at hand. */

import { once } from "node:events";
import net from "node:net";
import path from "node:path";
import type { Duplex } from "node:stream";
import type { TestContext } from "node:test";
import tls from "node:tls";
import { fromDuplex, Session, type SessionConfig } from "../../mux/index.js";
import { duplexPair } from "../helpers/duplex-pair.js";
import { scratchDirectory } from "../helpers/scratch.js";
import { type Joined, lending } from "./helpers.js";

/** For these tests only; valid for a century. */
export const CERT = `-----BEGIN CERTIFICATE-----
MIIBlTCCATugAwIBAgIUH3mUMUOMxJwYoJ5WsZYXku0durswCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMTEyMzgxNVoYDzIxMjYxMDI4
MTIzODE1WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAQFpB7uMvX4bksvWpeYfS1zQ1HIZR/i5SyxGpHvN9VGIwUwW0W0duM4
8I1AqkQjZCs88gesNPRcZNixFyL6bhiFo2kwZzAdBgNVHQ4EFgQU2+xEuCnIFb2j
gBxn19wlxsG5FYUwHwYDVR0jBBgwFoAU2+xEuCnIFb2jgBxn19wlxsG5FYUwDwYD
VR0TAQH/BAUwAwEB/zAUBgNVHREEDTALgglsb2NhbGhvc3QwCgYIKoZIzj0EAwID
SAAwRQIhANDwFyKYKXtLIfi8UVFnrqkuC/f9sBKJkDF2SHxuIWM6AiBVWi8EGA9o
Tbxa09vfWVw/Eku4JgfxTKKMA4+bVZ6HzQ==
-----END CERTIFICATE-----`;
/** Of {@link CERT}. */
export const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgH0ABCLLfRPru1VLK
T2ei9xJgyJTAKcGL+57EgDQReY2hRANCAAQFpB7uMvX4bksvWpeYfS1zQ1HIZR/i
5SyxGpHvN9VGIwUwW0W0duM48I1AqkQjZCs88gesNPRcZNixFyL6bhiF
-----END PRIVATE KEY-----`;

type Ends = readonly [Duplex, Duplex];

/** A connection to `server`: the dialling end and the accepted end. */
async function dialled(
  server: net.Server,
  dial: () => net.Socket,
  accepted: string,
): Promise<Ends> {
  const incoming = once(server, accepted);
  const outgoing = dial();
  const [socket] = await incoming;
  return [outgoing, socket as net.Socket];
}

async function listen(t: TestContext, server: net.Server, at: net.ListenOptions): Promise<void> {
  t.after(() => server.close());
  server.listen(at);
  await once(server, "listening");
}

const portOf = (server: net.Server): number => (server.address() as net.AddressInfo).port;

async function tcp(t: TestContext): Promise<Ends> {
  const server = net.createServer();
  await listen(t, server, { port: 0, host: "127.0.0.1" });
  return dialled(server, () => net.connect(portOf(server), "127.0.0.1"), "connection");
}

async function unix(t: TestContext): Promise<Ends> {
  const server = net.createServer();
  const at = path.join(scratchDirectory(t), "s");
  await listen(t, server, { path: at });
  return dialled(server, () => net.connect(at), "connection");
}

async function overTls(t: TestContext): Promise<Ends> {
  const server = tls.createServer({ cert: CERT, key: KEY });
  await listen(t, server, { port: 0, host: "127.0.0.1" });
  const options = { port: portOf(server), host: "127.0.0.1", ca: CERT, servername: "localhost" };
  return dialled(server, () => tls.connect(options), "secureConnection");
}

const swapped = (make: (t: TestContext) => Promise<Ends>) => async (t: TestContext) => {
  const [a, b] = await make(t);
  return [b, a] as const;
};

/** Makes both ends, by the name of the kind. The first end is for the session's client. */
export const CONNECTIONS: Record<string, (t: TestContext) => Promise<Ends>> = {
  pipe: async () => duplexPair(),
  "pipe in pieces": async () => duplexPair({ chunkBytes: 1000, delayTurns: 1 }),
  unix,
  tcp,
  "tcp swapped": swapped(tcp),
  tls: overTls,
  "tls swapped": swapped(overTls),
};

/** A client and a server over that kind of connection. */
export async function joinOver(
  t: TestContext,
  kind: string,
  config: Partial<SessionConfig> = {},
): Promise<Pick<Joined, "client" | "server">> {
  const ends = await (CONNECTIONS[kind] as (t: TestContext) => Promise<Ends>)(t);
  const client = Session.client(lending(fromDuplex(ends[0])), config);
  const server = Session.server(lending(fromDuplex(ends[1])), config);
  const over = new Error("the test is over");
  t.after(() => Promise.all([client.close(over), server.close(over)]));
  return { client, server };
}
