// Usage: node host.js PLUGIN [ARGUMENT...]

import { PassThrough, Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { Client } from "goplug";
import { handshake, uploads } from "./contract.js";

await using client = new Client({
  handshake,
  plugins: { uploads },
  command: process.argv.slice(2),
  stderr: process.stderr,
});
const plugin = await client.dispense("uploads");

async function upload(Name: string, ...content: string[]): Promise<string> {
  const file = Readable.from(content.map((part) => Buffer.from(part)));
  const replacement = new PassThrough();
  // It ends with the call: in order after an answer, and with an error if the plugin failed.
  const replaced = text(replacement).catch(() => "");
  try {
    const refused = await plugin.FileWillBeUploaded({ Name, file, replacement });
    return refused === "" ? await replaced : `refused: ${refused}`;
  } catch (error) {
    return `failed: ${(error as Error).message}`;
  }
}

console.log(`notes.txt: ${await upload("notes.txt", "two ", "pieces")}`);
console.log(`game.exe: ${await upload("game.exe", "MZ")}`);
console.log(`empty.txt: ${await upload("empty.txt")}`);
