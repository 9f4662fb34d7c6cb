/**
 * Sets of plugins that are built at run time: no name is known to the compiler, but every plugin's type may be. This file is
 * compiled but never run.
 */
import {
  Client,
  type ClientPluginSet,
  definePlugin,
  gob,
  type Plugin,
  type PluginContract,
} from "goplug";
import { testPluginConn } from "goplug/testing";

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const check = <_T extends true>(): void => {};

interface Greeter {
  Greet(): Promise<string>;
}
const handshake = { protocolVersion: 1, magicCookieKey: "K", magicCookieValue: "V" };
const command = ["./plugin"];
const contract = definePlugin({ Get: { args: gob.string(), reply: gob.bytes() } });
type Methods = typeof contract.methods;

async function sets(
  name: string,
  greeters: Record<string, Plugin<Greeter>>,
  contracts: { readonly [name: string]: PluginContract<Methods> },
  any: ClientPluginSet,
  byVersion: Record<number, Record<string, Plugin<Greeter>>>,
  anyVersion: Record<number, ClientPluginSet>,
): Promise<void> {
  const greeter = await new Client({ handshake, plugins: greeters, command }).dispense(name);
  check<Equal<typeof greeter, Greeter>>();
  const literal = await new Client({ handshake, plugins: greeters, command }).dispense("it");
  check<Equal<typeof literal, Greeter>>();
  const caller = await new Client({ handshake, plugins: contracts, command }).dispense(name);
  check<Equal<Awaited<ReturnType<typeof caller.Get>>, Uint8Array>>();
  // Of a set that says nothing of its plugins nothing is known.
  const unknown = await new Client({ handshake, plugins: any, command }).dispense(name);
  check<Equal<typeof unknown, unknown>>();
  const unknownLiteral = await new Client({ handshake, plugins: any, command }).dispense("it");
  check<Equal<typeof unknownLiteral, unknown>>();

  const versioned = new Client({ handshake, versionedPlugins: byVersion, command });
  const ofVersion = await versioned.dispense(name);
  check<Equal<typeof ofVersion, Greeter>>();
  const connected = await versioned.client();
  check<Equal<typeof connected.version, number>>();
  const ofConnected = await connected.dispense(name);
  check<Equal<typeof ofConnected, Greeter>>();
  const loose = new Client({ handshake, versionedPlugins: anyVersion, command });
  const ofLoose = await loose.dispense("it");
  check<Equal<typeof ofLoose, unknown>>();
  const looseConnected = await (await loose.client()).dispense("it");
  check<Equal<typeof looseConnected, unknown>>();

  const annotated: Client<typeof greeters> = new Client({ handshake, plugins: greeters, command });
  const ofAnnotated = await annotated.dispense(name);
  check<Equal<typeof ofAnnotated, Greeter>>();

  const mixed = { ...greeters, kv: contract };
  const kv = await new Client({ handshake, plugins: mixed, command }).dispense("kv");
  check<Equal<Awaited<ReturnType<typeof kv.Get>>, Uint8Array>>();

  const { client } = await testPluginConn({ ...greeters });
  const tested = await client.dispense(name);
  check<Equal<typeof tested, Greeter>>();
  // @ts-expect-error no such method
  await greeter.Nope();
  // @ts-expect-error a name of known names
  await new Client({ handshake, plugins: { contract }, command }).dispense(name);
}

void sets;
