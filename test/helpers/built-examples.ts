/** The examples as `npm run build` makes them. */
import { join } from "node:path";
import { after, before } from "node:test";
import { buildExamples } from "../../scripts/build-examples.js";
import { scratchDirectory } from "./scratch.js";

/** The examples of one test file. */
export interface BuiltExamples {
  /** In place of `dist/examples`. */
  readonly folder: string;
  /** The path of a program, which exists once the tests run. */
  program(example: string, file: "host.js" | "plugin"): string;
}

/**
 * Builds the examples before the first test of a file, and removes them after the last one.
 *
 * @param node - the path of Node that the plugins start with. Default: `node` from the PATH.
 */
export function builtExamples(node?: string): BuiltExamples {
  const folder = scratchDirectory({ after });
  before(() => buildExamples({ outDir: folder, ...(node === undefined ? {} : { node }) }));
  return { folder, program: (example, file) => join(folder, example, file) };
}
