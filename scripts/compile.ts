/** The TypeScript compiler with the options of tsconfig.json, for checks that look at types. */
import { join } from "node:path";
import ts from "typescript";
import { ROOT } from "./files.js";

/** A program with `files` (relative to the root) and everything they import. */
export function createProgram(
  files: readonly string[],
  overrides: ts.CompilerOptions = {},
): ts.Program {
  const config = ts.getParsedCommandLineOfConfigFile(join(ROOT, "tsconfig.json"), overrides, {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: (diagnostic) => {
      throw new Error(ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n"));
    },
  });
  return ts.createProgram(
    files.map((file) => join(ROOT, file)),
    config?.options ?? overrides,
  );
}

/** The compiler's diagnostics for `files` alone, as `path(line,column): text`. */
export function complaints(program: ts.Program, files: readonly string[]): string[] {
  return files.flatMap((file) => {
    const source = program.getSourceFile(join(ROOT, file));
    return ts.getPreEmitDiagnostics(program, source).map((diagnostic) => {
      const at = source?.getLineAndCharacterOfPosition(diagnostic.start ?? 0);
      const text = ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n");
      return `${file}(${(at?.line ?? 0) + 1},${(at?.character ?? 0) + 1}): ${text}`;
    });
  });
}
