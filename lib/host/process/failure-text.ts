/** The texts of errors about a plugin: what went wrong, then the facts that Go leaves to the log. */
import type { ExitFacts, PluginErrorCode, PluginErrorFacts } from "../../errors.js";

/** Why a plugin could not be used, before the facts about its process are known. */
export interface Reason {
  readonly code: PluginErrorCode;
  /** The first line of the message; Go's words where Go has some. */
  readonly text: string;
  readonly cause?: unknown;
}

/**
 * The message of an error.
 *
 * @param diagnosis - what may be wrong with the program; empty if nothing is known.
 */
export function failureText(text: string, diagnosis: string, facts: PluginErrorFacts): string {
  const parts = [text];
  if (diagnosis !== "") parts.push(diagnosis.trimEnd());
  parts.push(`plugin: ${facts.path} (${exitText(facts)}, after ${facts.elapsedMs} ms)`);
  if (facts.line) parts.push(`first line on stdout: ${JSON.stringify(facts.line)}`);
  return withStderr(parts.join("\n"), facts.stderrTail);
}

/** `text` and under it the end of stderr, if there is any. */
export function withStderr(text: string, stderrTail: string | undefined): string {
  return stderrTail ? `${text}\nlast lines on stderr:\n${indent(stderrTail)}` : text;
}

/** How a process ended, in words. */
export function exitText(facts: Partial<ExitFacts>): string {
  if (facts.signal !== undefined) return `ended by ${facts.signal}`;
  if (facts.exitCode !== undefined) return `exit code ${facts.exitCode}`;
  return "still running";
}

const indent = (text: string): string => text.replace(/^/gm, "  ");
