/** The example in a doc comment, so that a test can compare it with what the code does. */
import { readText } from "../../../scripts/files.js";

/** The text of the first js block in the comments of a source file. */
export function docExample(path: string): string {
  const [, block = ""] = /^ \* ```js\n(.*?)\n \* ```$/ms.exec(readText(path)) ?? [];
  return block.replace(/^ \* /gm, "");
}
