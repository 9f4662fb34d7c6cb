/** What a source file lacks of comments: one at its head that says what it is for, and a docstring per exported symbol. */
import ts from "typescript";

/**
 * The problems of one file, each as `path:line: text`. Members of types are typedoc's to check (typedoc.json).
 *
 * A comment with an empty line below it is the file's. One without is the docstring of the statement below it, and in a
 * file with one export it may be the file's as well.
 */
export function missingDocs(path: string, text: string): string[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const exported = exportedStatements(source);
  const [first] = source.statements;
  const isOneForBoth = exported.length === 1 && exported[0] === first && isOpening(text);
  if (isOneForBoth) return [];
  const problems = exported
    .filter((statement) => docstring(statement) === undefined)
    .map((statement) => {
      const { line } = source.getLineAndCharacterOfPosition(statement.getStart());
      return `${path}:${line + 1}: ${namesOf(statement).join(", ")} has no docstring`;
    });
  const isTaken = first !== undefined && exported.includes(first) && docstring(first)?.pos === 0;
  if (isTaken || !isOpening(text)) {
    problems.unshift(`${path}:1: does not open with a comment that says what the file is for`);
  }
  return problems;
}

/** Whether a text begins with a comment, and the comment has words. */
const isOpening = (text: string): boolean => /\p{L}/u.test(/^\/\*\*.*?\*\//s.exec(text)?.[0] ?? "");

/**
 * The statements that declare what a module exports; what it hands on from other modules is documented there. Of a name
 * that is declared more than once (overloads, a type beside its value) only the first declaration counts.
 */
function exportedStatements(source: ts.SourceFile): ts.Statement[] {
  const listed = new Set(source.statements.flatMap(listedNames));
  const seen = new Set<string>();
  return source.statements.filter((statement) => {
    const names = namesOf(statement).filter((name) => !seen.has(name));
    for (const name of names) seen.add(name);
    return names.some((name) => listed.has(name) || hasExport(statement));
  });
}

/** `a` and `b` of `export { a, b as c }`. */
function listedNames(statement: ts.Statement): string[] {
  if (!ts.isExportDeclaration(statement) || statement.moduleSpecifier !== undefined) return [];
  const { exportClause } = statement;
  if (exportClause === undefined || !ts.isNamedExports(exportClause)) return [];
  return exportClause.elements.map(({ propertyName, name }) => (propertyName ?? name).text);
}

/** The names that a statement declares. */
function namesOf(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.flatMap(({ name }) => boundNames(name));
  }
  const isNamed =
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement) ||
    ts.isEnumDeclaration(statement) ||
    ts.isModuleDeclaration(statement);
  return isNamed ? [statement.name?.text ?? "default"] : [];
}

/** `a` and `c` of `const { a, b: [c] }`. */
function boundNames(name: ts.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((part) => (ts.isBindingElement(part) ? boundNames(part.name) : []));
}

function hasExport(statement: ts.Statement): boolean {
  const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined;
  return modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
}

/** The comment right above a statement. */
function docstring(statement: ts.Statement): ts.JSDoc | undefined {
  const comment = ts.getJSDocCommentsAndTags(statement).filter(ts.isJSDoc).at(-1);
  if (comment === undefined || !hasWords(comment)) return undefined;
  const between = statement.getSourceFile().text.slice(comment.end, statement.getStart());
  return /\n\s*\n/.test(between) ? undefined : comment;
}

/** `@internal` alone says nothing, `@param id - the caller's` does. */
const hasWords = ({ comment, tags }: Pick<ts.JSDoc, "comment" | "tags">): boolean =>
  Boolean(ts.getTextOfJSDocComment(comment)?.trim()) ||
  (tags?.some((tag) => hasWords(tag)) ?? false);
