/**
 * Takes out of a plugin's stderr what would push out its error message: the stacks of JavaScript and Go, the source of
 * Node itself, and what Node adds. Of each stack one place stays: the first in the plugin's own code.
 */

/** `node:internal/modules/cjs/loader:1210`, `/work/plugin.js:3`: lines of that file follow, then carets. */
const EXCERPT = /^(node:\S+|file:\/\/\S+|\/\S.*|[A-Za-z]:\\.*):\d+$/;
/** Where they are far to the right, only the blanks before them. */
const CARETS = /^(\s*\^+\s*|\s+)$/;
/** An excerpt has so many lines at most, with its carets. */
const EXCERPT_LINES = 5;
/** A longer line of source says nothing: the program is bundled. */
const MAX_SOURCE_LENGTH = 160;

const CALL_SITE = /^\s+(at |\.\.\. (\d+ lines matching|collapsed \d+ duplicate lines) )/;
const NODE_CALL_SITE = /^\s+at (.* \()?node:/;

const GOROUTINE = /^(goroutine \d+ .*\[.*\]:|runtime stack:)$/;
/** A function or a place in the stack of a goroutine. */
const FRAME =
  /^(\t\S+:\d+|created by |\S+\(.*\)$|\.\.\.\d+ frames elided|\t?goroutine running on )/;
const RUNTIME_FRAME = /^((internal\/)?runtime[./]|panic\()/;
const REGISTER = /^(r[a-z0-9]{1,5}|[cfg]s|pc|sp|lr|x\d+) +0x[0-9a-f]+$/;

const NOISE = /^(Node\.js v\d|\(Use `\S+ --trace-|\s*$)/;

/** Whether `line` may stand in the middle of a Go stack. */
export const isInGoStack = (line: string): boolean =>
  line === "" || GOROUTINE.test(line) || FRAME.test(line);

/** The lines that are no noise, in order. */
export function withoutStacks(lines: readonly string[]): readonly string[] {
  const kept: string[] = [];
  for (let at = 0; at < lines.length; ) {
    const line = lines[at]!;
    if (EXCERPT.test(line)) at = excerpt(lines, at, kept);
    else if (CALL_SITE.test(line)) at = callSites(lines, at, kept);
    else if (GOROUTINE.test(line)) at = goroutines(lines, at, kept);
    else {
      if (!NOISE.test(line) && !REGISTER.test(line)) kept.push(line);
      at += 1;
    }
  }
  return kept;
}

/** A place in a file, its source and carets. Returns where the lines after it begin, as the functions below. */
function excerpt(lines: readonly string[], at: number, kept: string[]): number {
  const carets = lines.slice(at, at + EXCERPT_LINES).findIndex((line) => CARETS.test(line));
  const end = carets < 0 ? at + 1 : at + carets + 1;
  if (lines[at]!.startsWith("node:")) return end;
  const [place, ...source] = lines.slice(at, end);
  kept.push(place!);
  if (source.every(({ length }) => length <= MAX_SOURCE_LENGTH)) kept.push(...source);
  return end;
}

function callSites(lines: readonly string[], at: number, kept: string[]): number {
  const end = endOf(lines, at, (line) => CALL_SITE.test(line));
  const own = lines.slice(at, end).find((line) => !NODE_CALL_SITE.test(line));
  if (own !== undefined) kept.push(own);
  return end;
}

/** The stacks of all goroutines. The first is the one that failed. */
function goroutines(lines: readonly string[], at: number, kept: string[]): number {
  const end = endOf(lines, at, isInGoStack);
  const stack = lines.slice(at + 1, end);
  const own = stack.findIndex((line) => /^\S+\(.*\)$/.test(line) && !RUNTIME_FRAME.test(line));
  if (own >= 0) kept.push(...stack.slice(own, own + 2));
  return end;
}

/** The index of the first line that is not like those from `at` on. */
function endOf(lines: readonly string[], at: number, isLike: (line: string) => boolean): number {
  const length = lines.slice(at).findIndex((line) => !isLike(line));
  return length < 0 ? lines.length : at + length;
}
