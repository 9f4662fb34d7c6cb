/** Values that pass through: Go sends them, we decode and encode them, and Go looks at what it gets. */
import assert from "node:assert/strict";
import { createInterface } from "node:readline";
import { JsonDecoder, JsonEncoder } from "../../protocol/json/stream.js";
import {
  GO_MSGPACK_V1,
  GO_MSGPACK_V2,
  type MsgpackDialect,
  UGORJI,
} from "../../protocol/msgpack/index.js";
import { MsgpackDecoder, MsgpackEncoder } from "../../protocol/msgpack/stream.js";
import { type AnySchema, dynamic } from "../../protocol/schema/index.js";
import { everything } from "../fixtures/contracts/everything.js";
import { codecsBinary, goTest, startGo } from "../helpers/go.js";

/** A line of `codecs relay`. */
interface Relayed {
  readonly name: string;
  readonly hex: string;
  readonly typed: boolean;
}

/** Decodes one value and encodes it again. */
type Relay = (bytes: Uint8Array, schema: AnySchema) => Uint8Array;

const msgpack =
  (dialect: MsgpackDialect): Relay =>
  (bytes, schema) => {
    const decoder = new MsgpackDecoder({ dialect });
    decoder.push(bytes);
    const encoder = new MsgpackEncoder({ dialect });
    encoder.append(schema, decoder.tryDecode(schema));
    return encoder.take();
  };

const json: Relay = (bytes, schema) =>
  Buffer.from(
    new JsonEncoder().format(
      schema,
      new JsonDecoder().parse(schema, Buffer.from(bytes).toString()),
    ),
  );

const RELAYS: Readonly<Record<string, Relay>> = {
  json,
  ugorji: msgpack(UGORJI),
  "go-msgpack-v1": msgpack(GO_MSGPACK_V1),
  "go-msgpack-v2": msgpack(GO_MSGPACK_V2),
};

for (const [name, relay] of Object.entries(RELAYS)) {
  goTest(`[NETRPC-32] [NETRPC-33] Go gets the value that it sent: ${name}`, async (t) => {
    const { child, exited } = startGo(t, await codecsBinary(), ["relay", name], {
      holdStdin: true,
    });
    const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
    const next = async <T>() => JSON.parse((await lines.next()).value as string) as T;
    const sent: Relayed[] = [];
    for (let line = await next<Partial<Relayed>>(); line.name !== undefined; line = await next()) {
      sent.push(line as Relayed);
    }
    const differences: string[] = [];
    for (const { name, hex, typed } of sent) {
      const back = relay(Buffer.from(hex, "hex"), typed ? everything : dynamic());
      child.stdin!.write(`${JSON.stringify({ name, hex: Buffer.from(back).toString("hex") })}\n`);
      const difference = await next<string>();
      if (difference !== "") differences.push(`${name}: ${difference}`);
    }
    child.stdin!.end();
    assert.equal((await exited).code, 0);
    assert.deepEqual(differences, []);
    assert.ok(sent.length > 40);
  });
}
