/** Chooses the lines of a plugin's stderr that say most. */
import { parseRecord } from "../../observe/hclog.js";
import { isInGoStack, withoutStacks } from "./without-stacks.js";

/** How many lines an error shows. */
const MAX_LINES = 10;
/** How many of them are the beginning of a crash, when that is not among the last ones. */
const MAX_CRASH_LINES = 4;
/** A longer line is cut: a bundled program is one line. */
const MAX_LINE_LENGTH = 600;

const LINE_END = /\r?\n/;

/** Lines that name an error: a record of level error, a Go panic, an error of Node or Python, a Rust panic. */
const ERROR_LINE =
  /^(\[ERROR\]|panic: |fatal error: |(Uncaught )?[\w.]*(Error|Exception)( \[\w+\])?: |\[?UnhandledPromiseRejection|thread '.*' panicked)/;

/**
 * The last lines of `tail`, without stacks and what a runtime adds. The last line that names an error is among them,
 * though more was printed after it.
 *
 * @param crash - the beginning of a Go crash, which may be before `tail`; empty if there was none.
 */
export function usefulLines(tail: string, crash: string): readonly string[] {
  const printed = tail.split(LINE_END);
  const [title = ""] = crash.split(LINE_END);
  if (title !== "" && !printed.includes(title)) return afterCrash(crash, printed);
  const lines = readable(printed);
  const at = lines.findLastIndex((line) => ERROR_LINE.test(line));
  if (at < 0 || at >= lines.length - MAX_LINES) return lines.slice(-MAX_LINES);
  return joined(lines.slice(at), lines);
}

/** The crash is before what was kept, which begins in the stack of some goroutine. */
function afterCrash(crash: string, printed: readonly string[]): readonly string[] {
  const rest = printed.findIndex((line) => !isInGoStack(line));
  const lines = rest < 0 ? [] : readable(printed.slice(rest));
  // The last line of what is kept of a crash is not whole.
  return joined(readable(crash.split(LINE_END).slice(0, -1)), lines);
}

function joined(begin: readonly string[], lines: readonly string[]): readonly string[] {
  const first = begin.slice(0, MAX_CRASH_LINES);
  if (lines.length === 0) return first;
  return [...first, "...", ...lines.slice(first.length + 1 - MAX_LINES)];
}

const readable = (lines: readonly string[]): readonly string[] =>
  withoutStacks(lines)
    .map((line) => recordText(line) ?? line)
    .map((line) => (line.length > MAX_LINE_LENGTH ? `${line.slice(0, MAX_LINE_LENGTH)}...` : line));

/** A record of the log as hclog prints it for people, without its time. */
function recordText(line: string): string | undefined {
  const record = parseRecord(line);
  if (record === undefined) return undefined;
  const { timestamp: _, "@module": module, ...fields } = record.fields;
  const name = module === undefined ? "" : `${module}: `;
  const shown = Object.entries(fields).map(([key, value]) => ` ${key}=${JSON.stringify(value)}`);
  const colon = shown.length > 0 ? ":" : "";
  return `[${record.level.toUpperCase()}] ${name}${record.message}${colon}${shown.join("")}`;
}
