/** Run by charge.test.ts in a process of its own: a list of 10 million nil interfaces, which takes 80 MB. */
import { Decoder } from "../../../../protocol/gob/index.js";
import { any, slice } from "../../../../protocol/schema/index.js";

const COUNT = 10_000_000;
const DEFINITION = "0b7f020102ff800001100000";
const head = Buffer.from("ff8000fd989680", "hex");
const length = Buffer.from("fd000000", "hex");
length.writeUIntBE(head.length + COUNT, 1, 3);

const decoder = new Decoder();
decoder.push(Buffer.concat([Buffer.from(DEFINITION, "hex"), length, head, Buffer.alloc(COUNT)]));
const before = process.resourceUsage().maxRSS;
const list = decoder.tryDecode(slice(any()));
const grownBytes = (process.resourceUsage().maxRSS - before) * 1024;
console.log(JSON.stringify({ places: Array.isArray(list) ? list.length : 0, grownBytes }));
