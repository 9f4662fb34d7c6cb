/** @libp2p/yamux over a plain Node socket, without the rest of libp2p. */
import type { Duplex } from "node:stream";
import { defaultLogger } from "@libp2p/logger";
import { AbstractMessageStream, type SendResult } from "@libp2p/utils";
import { yamux } from "@libp2p/yamux";

// @libp2p/yamux needs it for pings and for waiting until a stream drains. Node 20 lacks it.
const promises = Promise as { withResolvers?: () => unknown };
promises.withResolvers ??= () => {
  let settle: ((value: unknown) => void)[] = [];
  const promise = new Promise((...both) => {
    settle = both;
  });
  return { promise, resolve: settle[0], reject: settle[1] };
};

/** A session of @libp2p/yamux. */
export type Libp2pMuxer = ReturnType<ReturnType<ReturnType<typeof yamux>>["createStreamMuxer"]>;
/** A stream of it. */
export type Libp2pStream = Libp2pMuxer["streams"][number];

/** A session on `socket`. The client's streams have odd ids. */
export function libp2pYamux(socket: Duplex, side: "client" | "server"): Libp2pMuxer {
  const connection = new SocketMessageStream(socket, side);
  return yamux({ enableKeepAlive: false })().createStreamMuxer(connection);
}

class SocketMessageStream extends AbstractMessageStream {
  readonly #socket: Duplex;

  constructor(socket: Duplex, side: "client" | "server") {
    super({
      log: defaultLogger().forComponent("socket"),
      direction: side === "client" ? "outbound" : "inbound",
    });
    this.#socket = socket;
    socket.on("data", (chunk) => this.onData(chunk));
    socket.on("drain", () => this.safeDispatchEvent("drain"));
    socket.on("close", () => this.onTransportClosed());
    socket.on("error", () => {});
  }

  sendData(data: Iterable<Uint8Array> & { readonly byteLength: number }): SendResult {
    let canSendMore = true;
    this.#socket.cork();
    for (const chunk of data) canSendMore = this.#socket.write(chunk);
    this.#socket.uncork();
    return { sentBytes: data.byteLength, canSendMore };
  }
  sendReset(): void {
    this.#socket.destroy();
  }
  sendPause(): void {
    this.#socket.pause();
  }
  sendResume(): void {
    this.#socket.resume();
  }
  async close(): Promise<void> {
    this.#socket.end();
  }
}
