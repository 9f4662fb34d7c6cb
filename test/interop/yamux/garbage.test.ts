/** Programs that speak another protocol on the session's socket: the error says which one. */
import { createServer as createHttpServer, get } from "node:http";
import { type AddressInfo, connect, createServer, type Server } from "node:net";
import { type TestContext, test } from "node:test";
import { connect as connectTls } from "node:tls";
import { connectSocket } from "../../../lib/net/socket.js";
import { fromDuplex, Session } from "../../../mux/index.js";
import { muxError } from "../../mux/helpers.js";

async function listen(t: TestContext, server: Server): Promise<number> {
  t.after(() => server.close());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

/** Our server, and the reason for the end of its only session. */
async function serve(t: TestContext): Promise<{ port: number; ended: Promise<unknown> }> {
  let onSession!: (session: Session) => void;
  const session = new Promise<Session>((resolve) => {
    onSession = resolve;
  });
  const server = createServer((socket) => onSession(Session.server(fromDuplex(socket))));
  return { port: await listen(t, server), ended: session.then(({ closed }) => closed) };
}

type Speak = (port: number, t: TestContext) => void;

const CLIENTS: readonly [what: string, speak: Speak, seen: RegExp][] = [
  [
    "TLS",
    (port) => connectTls({ port, rejectUnauthorized: false }).on("error", () => {}),
    /the peer speaks TLS: a handshake, 1603/,
  ],
  [
    "HTTP",
    (port) => get({ port }).on("error", () => {}),
    /the peer speaks HTTP: "GET \/ HTTP\/1\.1/,
  ],
  [
    "text",
    (port) =>
      connect(port)
        .on("error", () => {})
        .end("hello, is anybody there?\n"),
    /the peer sent text: "hello, is anybody there\?\\n"/,
  ],
];

for (const [what, speak, seen] of CLIENTS) {
  test(`[YAMUX-6] a client that speaks ${what} to our server`, async (t) => {
    const { port, ended } = await serve(t);
    speak(port, t);
    muxError("invalid-version", seen)(await ended);
  });
}

const SERVERS: readonly [what: string, make: () => Server, seen: RegExp][] = [
  ["HTTP", () => createHttpServer() as Server, /the peer speaks HTTP: "HTTP\/1\.1 400 Bad Request/],
  [
    "text",
    () => createServer((socket) => socket.on("error", () => {}).end("SSH-2.0-OpenSSH_9.6\r\n")),
    /the peer sent text: "SSH-2\.0-OpenSSH_9\.6\\r\\n"/,
  ],
];

for (const [what, make, seen] of SERVERS) {
  test(`[YAMUX-6] our client and a server that speaks ${what}`, async (t) => {
    const port = await listen(t, make());
    const transport = await connectSocket({ network: "tcp", address: `127.0.0.1:${port}` });
    const session = Session.client(transport);
    const stream = await session.open();
    muxError("invalid-version", seen)(await session.closed);
    await stream.closed;
  });
}
