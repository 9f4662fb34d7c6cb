/** The public names of each entry of the package, according to the compiler. */
import { join } from "node:path";
import ts from "typescript";
import { createProgram } from "./compile.js";
import { entries, ROOT, readText } from "./files.js";

/** The committed list. In a review, each added or removed name is a line of this file. */
export const NAMES_FILE = "test/repository/public-names.json";

/** The names by sub-path (`.`, `./gob`), sorted. A name that exists only as a type is `type X`. */
export function publicNames(): Record<string, string[]> {
  const sources = entries();
  const program = createProgram(sources.map(({ source }) => source));
  const checker = program.getTypeChecker();
  return Object.fromEntries(
    sources.map(({ subPath, source }) => {
      const file = program.getSourceFile(join(ROOT, source));
      const module = file && checker.getSymbolAtLocation(file);
      if (!module) throw new Error(`${source}: no such module, but "exports" names it`);
      return [
        subPath,
        checker
          .getExportsOfModule(module)
          .map((symbol) => label(checker, symbol))
          .sort(),
      ];
    }),
  );
}

/** The names added to and removed from the committed list. */
export function changedNames(names: Record<string, string[]>): string[] {
  const listed = JSON.parse(readText(NAMES_FILE)) as Record<string, string[]>;
  const changes: string[] = [];
  for (const subPath of new Set([...Object.keys(names), ...Object.keys(listed)])) {
    const now = names[subPath] ?? [];
    const before = listed[subPath] ?? [];
    for (const name of now) if (!before.includes(name)) changes.push(`${subPath}: new: ${name}`);
    for (const name of before) if (!now.includes(name)) changes.push(`${subPath}: gone: ${name}`);
  }
  return changes;
}

function label(checker: ts.TypeChecker, symbol: ts.Symbol): string {
  const isAlias = (symbol.flags & ts.SymbolFlags.Alias) !== 0;
  const target = isAlias ? checker.getAliasedSymbol(symbol) : symbol;
  const isValue = (target.flags & ts.SymbolFlags.Value) !== 0 && !isTypeOnly(symbol);
  return isValue ? symbol.name : `type ${symbol.name}`;
}

// `export type { SomeClass }` exports the type of a class, not the class itself.
function isTypeOnly(symbol: ts.Symbol): boolean {
  return (symbol.declarations ?? []).some(ts.isTypeOnlyExportDeclaration);
}
