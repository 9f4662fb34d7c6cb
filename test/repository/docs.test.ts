/** The check of opening comments and docstrings reports what is missing, and nothing else. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { missingDocs } from "../../scripts/missing-docs.js";

const OPENING = "/** What the file is for. */\n";
const NO_OPENING = "x.ts:1: does not open with a comment that says what the file is for";

const CASES: readonly [name: string, text: string, ...problems: string[]][] = [
  ["a file with an opening comment", `${OPENING}import "y";\n`],
  ["no comment", 'import "y";\n', NO_OPENING],
  ["a comment that is not at the head", `import "y";\n${OPENING}`, NO_OPENING],
  ["an empty comment", '/** */\nimport "y";\n', NO_OPENING],
  ["a comment in lines", '// What for.\nimport "y";\n', NO_OPENING],

  ["one export below its own docstring", `${OPENING}export const a = 1;\n`],
  ["one export below the file's comment", `${OPENING}\nexport const a = 1;\n`],
  [
    "one export below imports",
    `${OPENING}import "y";\nexport const a = 1;\n`,
    "x.ts:3: a has no docstring",
  ],
  [
    "two exports, and the comment at the head is the first one's docstring",
    "/** A. */\nexport const a = 1;\n/** B. */\nexport const b = 1;\n",
    NO_OPENING,
  ],
  [
    "two exports, and the comment at the head is the file's",
    `${OPENING}\nexport const a = 1;\n/** B. */\nexport const b = 1;\n`,
    "x.ts:3: a has no docstring",
  ],
  [
    "two exports, with a comment for the file and for each of them",
    `${OPENING}\n/** A. */\nexport const a = 1;\n/** B. */\nexport const b = 1;\n`,
  ],

  ["what is not exported", `${OPENING}\nconst a = 1;\nfunction b() {}\n`],
  ["what comes from another module", `${OPENING}\nexport { a } from "y";\nexport * from "z";\n`],
  [
    "each kind of declaration",
    `${OPENING}import "y";
export function a() {}
export class B {}
export interface C {}
export type D = 1;
export const e = 1, [f] = [1], { g: { h } } = { g: { h: 1 } };
export abstract class I {}
export async function* j() {}
`,
    "x.ts:3: a has no docstring",
    "x.ts:4: B has no docstring",
    "x.ts:5: C has no docstring",
    "x.ts:6: D has no docstring",
    "x.ts:7: e, f, h has no docstring",
    "x.ts:8: I has no docstring",
    "x.ts:9: j has no docstring",
  ],
  [
    "overloads, of which the first has the docstring",
    `${OPENING}import "y";\n/** A. */\nexport function a(x: 1): 1;\nexport function a(x: 2): 2;\nexport function a(x: unknown) {}\n`,
  ],
  [
    "overloads without a docstring",
    `${OPENING}import "y";\nexport function a(x: 1): 1;\n/** A. */\nexport function a(x: unknown) {}\n`,
    "x.ts:3: a has no docstring",
  ],
  [
    "a type beside its value",
    `${OPENING}import "y";\n/** A. */\nexport const A = 1;\nexport type A = typeof A;\n`,
  ],
  [
    "a list of exports",
    `${OPENING}import "y";\n/** A. */\nconst a = 1;\nconst b = 1;\nexport { a, b as c };\n`,
    "x.ts:5: b has no docstring",
  ],
  [
    "a docstring without words",
    `${OPENING}import "y";\n/** @internal */\nexport const a = 1;\n`,
    "x.ts:4: a has no docstring",
  ],
  [
    "a docstring of tags with words",
    `${OPENING}import "y";\n/** @param x - in ms */\nexport function a(x: 1) {}\n`,
  ],
];

for (const [name, text, ...problems] of CASES) {
  test(`the documentation check: ${name}`, () => {
    assert.deepEqual(missingDocs("x.ts", text), problems);
  });
}
