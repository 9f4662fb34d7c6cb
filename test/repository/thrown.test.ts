/** Each entry of the package exports the errors that its API throws: the class, its guard and its codes. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import ts from "typescript";
import { createProgram } from "../../scripts/compile.js";
import { entries, ROOT } from "../../scripts/files.js";

const ERRORS = /\b(PluginError|HandshakeError|RpcError|ServerError|MuxError|CodecError)\b/g;

const program = createProgram(entries().map(({ source }) => source));
const checker = program.getTypeChecker();

function exportsOf(source: string): ts.Symbol[] {
  const file = program.getSourceFile(join(ROOT, source));
  const module = file && checker.getSymbolAtLocation(file);
  assert.ok(module, source);
  return checker.getExportsOfModule(module);
}

const target = (symbol: ts.Symbol): ts.Symbol =>
  symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;

/** The error classes in the `@throws` of a symbol, and of the members of a class or an interface. */
function thrownBy(symbol: ts.Symbol): string[] {
  const of = target(symbol);
  const isType = (of.flags & (ts.SymbolFlags.Class | ts.SymbolFlags.Interface)) !== 0;
  const members = isType
    ? checker.getPropertiesOfType(checker.getDeclaredTypeOfSymbol(of))
    : checker.getPropertiesOfType(checker.getTypeOfSymbol(of));
  return [of, ...members].flatMap((part) =>
    part
      .getJsDocTags(checker)
      .filter(({ name }) => name === "throws")
      .flatMap(({ text }) => ts.displayPartsToString(text).match(ERRORS) ?? []),
  );
}

for (const { subPath, source } of entries()) {
  test(`goplug${subPath.slice(1)} exports the errors that its API throws`, () => {
    const symbols = exportsOf(source);
    const names = new Set(symbols.map(({ name }) => name));
    const thrown = new Set(symbols.flatMap(thrownBy));
    assert.ok(thrown.size > 0, "no @throws was found");
    for (const name of thrown) {
      const wanted = [name, `is${name}`, ...(name === "ServerError" ? [] : [`${name}Code`])];
      assert.deepEqual(
        wanted.filter((one) => !names.has(one)),
        [],
        `thrown: ${[...thrown].join(", ")}`,
      );
    }
  });
}
