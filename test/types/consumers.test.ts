/**
 * What the compiler does with our types in other people's projects: without exactOptionalPropertyTypes, with a contract of
 * hundreds of structs, and with the declarations that it makes of one.
 */
import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import ts from "typescript";
import { ROOT } from "../../scripts/files.js";
import { scratchDirectory } from "../helpers/scratch.js";

const STRUCTS = 200;
/** What the compiler made for that contract when this was written, and half as much again. */
const MAX_INSTANTIATIONS = 450_000;
const MAX_DECLARATION_BYTES = 120_000;

const { options: given } = ts.parseJsonConfigFileContent(
  ts.readConfigFile(join(ROOT, "tsconfig.json"), ts.sys.readFile).config,
  ts.sys,
  ROOT,
);

const options: ts.CompilerOptions = {
  ...given,
  typeRoots: [join(ROOT, "node_modules/@types")],
};

const messages = (found: readonly ts.Diagnostic[]): string[] =>
  found.map((one) => ts.flattenDiagnosticMessageText(one.messageText, "\n"));

/** Structs that contain earlier ones, behind pointers, in lists and directly, and themselves. */
function bigContract(): string {
  const numbers = Array.from({ length: STRUCTS }, (_, n) => n);
  const structs = numbers.map((n) => {
    const earlier =
      n === 0
        ? ""
        : `F: S${n - 1}, G: gob.slice(S${n >> 1}), H: gob.optional(S${Math.floor(n / 3)}),`;
    return `
const fields${n} = {
  A: gob.int(), B: gob.string(), C: gob.optional(gob.string()), D: gob.map(gob.string(), gob.int64()), ${earlier}
  get Self() { return gob.slice(S${n}); },
};
export interface S${n} extends gob.StructSchema<typeof fields${n}> {}
export const S${n}: S${n} = gob.struct("S${n}", fields${n});`;
  });
  const methods = numbers.map((n) => `M${n}: { args: S${n}, reply: S${STRUCTS - 1 - n} },`);
  const handlers = numbers.map((n) => `M${n}: ({ A, B }) => ({ A, B, Self: [{ A }] }),`);
  return `
import { type Caller, definePlugin, gob, type PluginContract } from "goplug";
${structs.join("")}
const methods = { ${methods.join("\n")} };
export type Big = typeof methods;
export const big: PluginContract<Big> = definePlugin(methods);
export const served = big.implement({ ${handlers.join("\n")} });
export async function call(plugin: Caller<Big>): Promise<void> {
  ${numbers.map((n) => `(await plugin.M${n}({ A: 1 })).Self[0]?.B.trim();`).join("\n")}
}`;
}

const CONSUMER = `
import type { In, Out } from "goplug";
import { type S7, S9, big } from "./contract.js";
export const given: In<S7> = { A: 1, F: { B: "x" }, H: {} };
// @ts-expect-error misspelt
export const misspelt: In<typeof S9> = { A: 1, Bb: "x" };
export const kids = (of: Out<S7>): string | undefined => of.G[0]?.Self[0]?.C;
export const reply = async (plugin: ReturnType<typeof big.client>) => (await (await plugin).M9({})).F.F.A.toFixed();
`;

test("the types hold without exactOptionalPropertyTypes", () => {
  const files = ["left-out.ts", "lending.ts"].map((name) => join(ROOT, "test/types", name));
  const program = ts.createProgram(files, { ...options, exactOptionalPropertyTypes: false });
  assert.deepEqual(messages(ts.getPreEmitDiagnostics(program)), []);
});

test("a contract of 200 structs costs the compiler little, and so do its declarations", (t) => {
  const path = scratchDirectory(t);
  const file = join(path, "contract.ts");
  writeFileSync(join(path, "package.json"), '{ "type": "module" }');
  writeFileSync(file, bigContract());
  const program = ts.createProgram([file], {
    ...options,
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
  });
  assert.deepEqual(messages(ts.getPreEmitDiagnostics(program)), []);
  const count = program.getInstantiationCount();
  assert.ok(count < MAX_INSTANTIATIONS, `${count} instantiations`);

  let declarations = "";
  program.emit(program.getSourceFile(file), (_, text) => {
    declarations = text;
  });
  assert.ok(declarations.length < MAX_DECLARATION_BYTES, `${declarations.length} bytes`);
  rmSync(file);
  writeFileSync(join(path, "contract.d.ts"), declarations);
  writeFileSync(join(path, "consumer.ts"), CONSUMER);
  const consumer = ts.createProgram([join(path, "consumer.ts")], {
    ...options,
    skipLibCheck: false,
  });
  const own = [...consumer.getSourceFiles()].filter(({ fileName }) => fileName.startsWith(path));
  assert.equal(own.length, 2, readFileSync(join(path, "consumer.ts"), "utf8"));
  for (const source of own) {
    assert.deepEqual(messages(consumer.getSemanticDiagnostics(source)), [], source.fileName);
  }
});
