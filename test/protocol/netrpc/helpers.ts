/** Codecs by name, and the bytes of a short connection in each. */
import {
  type ClientCodec,
  gobClientCodec,
  gobServerCodec,
  jsonClientCodec,
  jsonServerCodec,
  msgpackClientCodec,
  msgpackServerCodec,
  msgpackSpecClientCodec,
  msgpackSpecServerCodec,
  RpcServer,
  type ServerCodec,
  service,
} from "../../../protocol/netrpc/index.js";
import * as s from "../../../protocol/schema/index.js";

export interface CodecPair {
  readonly client: () => ClientCodec;
  readonly server: () => ServerCodec;
}

export const codecs: Readonly<Record<string, CodecPair>> = {
  gob: { client: gobClientCodec, server: gobServerCodec },
  json: { client: jsonClientCodec, server: jsonServerCodec },
  msgpack: { client: msgpackClientCodec, server: msgpackServerCodec },
  "msgpack-rpc": { client: msgpackSpecClientCodec, server: msgpackSpecServerCodec },
};

const item = s.struct("Item", { Key: s.string(), Value: s.bytes(), Counts: s.slice(s.int()) });
export const methods = {
  Echo: { args: item, reply: item },
  Double: { args: s.int(), reply: s.int() },
  Fail: { args: s.string(), reply: s.int() },
};

export function echoServer(): RpcServer {
  const server = new RpcServer();
  server.register(
    "Plugin",
    service(methods, {
      Echo: (value) => value,
      Double: (n) => 2 * n,
      Fail: (text) => {
        throw new Error(text);
      },
    }),
  );
  return server;
}

export const value = { Key: "k", Value: Uint8Array.of(1, 2, 3), Counts: [1, -2, 300] };

/** What a client sends for three calls, and what a server answers. */
export function conversation({ client, server }: CodecPair): {
  requests: Buffer;
  responses: Buffer;
} {
  const [out, back] = [client(), server()];
  const calls = [
    ["Plugin.Echo", methods.Echo.args, value, ""],
    ["Plugin.Fail", methods.Fail.args, "boom", "boom"],
    ["Plugin.Double", methods.Double.args, 21, ""],
  ] as const;
  const requests: Uint8Array[] = [];
  const responses: Uint8Array[] = [];
  for (const [Seq, [ServiceMethod, schema, args, text]] of calls.entries()) {
    const request = takeRequest(out, { ServiceMethod, Seq }, schema, args, undefined);
    requests.push(request);
    // A JSON server has to have seen the request to know its id.
    back.push(request);
    back.readHeader();
    back.discardBody();
    const header = { ServiceMethod, Seq, Error: text };
    const [type, reply] = text === "" ? [schema, args] : [s.empty(), undefined];
    responses.push(takeResponse(back, header, type, reply, undefined));
  }
  return { requests: Buffer.concat(requests), responses: Buffer.concat(responses) };
}

/** The bytes of one request. */
export function takeRequest(
  codec: ClientCodec,
  ...request: Parameters<ClientCodec["appendRequest"]>
) {
  codec.appendRequest(...request);
  return codec.take();
}

/** The bytes of one response. */
export function takeResponse(
  codec: ServerCodec,
  ...response: Parameters<ServerCodec["appendResponse"]>
) {
  codec.appendResponse(...response);
  return codec.take();
}
