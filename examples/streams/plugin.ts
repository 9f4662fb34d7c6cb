import { PassThrough, type Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { serve } from "goplug";
import { handshake, text } from "./contract.js";

// Each Dispense creates a separate log.
const plugin = text.implement(() => {
  const log = new PassThrough();
  return {
    Upper: ({ source, sink }) => pipeline(source, capitals, sink),
    First: async (source) => {
      for await (const line of splitLines(source)) return line; // Leaving the loop closes the source.
      return "";
    },
    Log: () => log,
    Lines: () => numbered(log),
  };
});

async function* capitals(source: Readable) {
  for await (const line of splitLines(source)) yield `${line.toUpperCase()}\n`;
}

async function* numbered(source: Readable) {
  let number = 0;
  for await (const line of splitLines(source)) yield Buffer.from(`${++number} ${line}\n`);
}

async function* splitLines(source: Readable): AsyncGenerator<string> {
  let rest = "";
  for await (const chunk of source.setEncoding("utf8")) {
    const lines = `${rest}${chunk}`.split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest !== "") yield rest;
}

serve({ handshake, plugins: { text: plugin } });
