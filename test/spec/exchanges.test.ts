/** Recorded net/rpc connections between Go programs, with our client in the place of Go's, and then our server. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryPair } from "../../lib/net/memory-pair.js";
import type { ByteConn } from "../../protocol/bytes/conn.js";
import { isServerError } from "../../protocol/errors.js";
import { Decoder } from "../../protocol/gob/index.js";
import { RpcClient, RpcServer, service } from "../../protocol/netrpc/index.js";
import { any, dynamic, empty, int, string, struct, uint } from "../../protocol/schema/index.js";
import { type Exchange, readVectors, toSchema, toValue } from "./notation.js";

/** The exchanges in which our bytes differ, and why. */
const NOT_EXACT: Readonly<Record<string, string>> = {
  interfaces: "definitions are sent before the value that needs them, not inside it",
  refused: "our decoder's texts go on after Go's words",
  "silent-error": "an error without text is given one [NETRPC-9]",
};

const exchanges = readVectors<Exchange>("netrpc/exchanges.json");
const bytesOf = (data: string) => new Uint8Array(Buffer.from(data, "hex"));

/** Plays one side of an exchange. It sends each chunk when the other side's chunk before it has arrived whole. */
function play({ id, bytes }: Exchange, conn: ByteConn, as: "client" | "server") {
  let heard = "";
  let wanted = "";
  let next = 0;
  let finish = () => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const goOn = () => {
    for (; next < bytes.length; next++) {
      const chunk = bytes[next]!;
      if (chunk.from !== as) {
        // Where lengths differ, anything that arrives counts as the chunk.
        const isHere =
          id in NOT_EXACT
            ? heard.length > wanted.length
            : heard.length >= wanted.length + chunk.data.length;
        if (!isHere) return;
        wanted = id in NOT_EXACT ? heard : wanted + chunk.data;
      } else conn.write(bytesOf(chunk.data));
    }
    finish();
  };
  conn.start({
    onData: (chunk) => {
      heard += Buffer.from(chunk).toString("hex");
      goOn();
    },
    onEnd: () => {},
  });
  goOn();
  return { finished, heard: () => heard };
}

/** All bytes of one side in the recording. */
const said = ({ bytes }: Exchange, by: "client" | "server") =>
  bytes
    .filter(({ from }) => from === by)
    .map(({ data }) => data)
    .join("");

for (const exchange of exchanges) {
  test(`[${exchange.clause}] our client and Go's server: ${exchange.id}`, async () => {
    const [near, far] = memoryPair();
    const server = play(exchange, far, "server");
    const client = new RpcClient(near);
    const outcomes = exchange.calls.map(
      ({ serviceMethod, args, reply }) =>
        () =>
          client.call(
            serviceMethod,
            { args: toSchema(args.type), reply: toSchema(reply?.type ?? "int") },
            toValue(args, "in") as never,
          ),
    );
    const isAtOnce = exchange.id === "overtaking";
    const going = isAtOnce ? outcomes.map((start) => start()) : [];
    for (const [i, { reply, error }] of exchange.calls.entries()) {
      const result = going[i] ?? outcomes[i]!();
      if (reply !== undefined) assert.deepStrictEqual(await result, toValue(reply, "out"));
      else {
        await assert.rejects(result, (thrown) => {
          assert.ok(isServerError(thrown), String(thrown));
          assert.equal(thrown.message, error);
          return true;
        });
      }
    }
    if (!(exchange.id in NOT_EXACT)) assert.equal(server.heard(), said(exchange, "client"));
    await client.close();
  });

  test(`[${exchange.clause}] our server and Go's client: ${exchange.id}`, async () => {
    const [near, far] = memoryPair();
    const done = serve(near);
    const client = play(exchange, far, "client");
    await client.finished;
    far.end();
    await done;
    if (!(exchange.id in NOT_EXACT)) assert.equal(client.heard(), said(exchange, "server"));
    const ours = responses(exchange, bytesOf(client.heard()));
    if (exchange.id === "silent-error") assert.notEqual(ours[0]?.text, "");
    else assert.deepStrictEqual(ours, responses(exchange, bytesOf(said(exchange, "server"))));
  });
}

const args = struct("main.Args", { A: int(), B: int() });
const quot = struct("main.Quot", { Quo: int(), Rem: int() });

/** Serves what Go served in the recording. */
function serve(conn: ByteConn): Promise<void> {
  let greeted = () => {};
  const afterGreet = new Promise<void>((resolve) => {
    greeted = resolve;
  });
  const server = new RpcServer();
  const nothing = { args: any(), reply: string() };
  const methods = {
    Greet: nothing,
    Fail: nothing,
    FailSilently: nothing,
    Held: nothing,
    Any: { args: dynamic(), reply: dynamic() },
    Nothing: { args: empty(), reply: empty() },
    Mult: { args, reply: int() },
    Div: { args, reply: quot },
  };
  server.register(
    "Plugin",
    service(methods, {
      Greet: () => {
        // After the answer has been sent, which happens before the next turn of the event loop.
        setImmediate(greeted);
        return "Hello!";
      },
      Fail: () => Promise.reject(new Error("boom")),
      FailSilently: () => Promise.reject(new Error("")),
      Held: () => afterGreet.then(() => "Held"),
      Any: (value) => value,
      Nothing: () => {},
      Mult: ({ A, B }) => A * B,
      Div: ({ A, B }) => ({ Quo: Math.trunc(A / B), Rem: A % B }),
    }),
  );
  return server.serveConn(conn);
}

const header = struct("Response", { ServiceMethod: string(), Seq: uint(), Error: string() });

interface Answer {
  readonly method: unknown;
  /** The text of the error. */
  readonly text: unknown;
  readonly body: unknown;
}

/** The responses of a server in the order of the calls, reduced to what must be equal in all servers. */
function responses({ id, calls }: Exchange, bytes: Uint8Array): Answer[] {
  const decoder = new Decoder();
  decoder.push(bytes);
  decoder.end();
  const found: Answer[] = [];
  for (const _ of calls) {
    const {
      ServiceMethod: method,
      Seq,
      Error: error,
    } = decoder.tryDecode(header) as Record<string, unknown>;
    const text =
      id in NOT_EXACT ? wordsOfGo(String(error), calls[Number(Seq)]?.error ?? "") : error;
    const reply = calls[Number(Seq)]?.reply;
    const body =
      text === "" && reply !== undefined
        ? decoder.tryDecode(toSchema(reply.type))
        : decoder.trySkip();
    found[Number(Seq)] = { method, text, body };
  }
  return found;
}

/** Go's text, if ours contains it. */
const wordsOfGo = (ours: string, gos: string): string =>
  gos !== "" && ours.includes(gos) ? gos : ours;
