/** Many short lives of plugins. test/long has more of them. */
import { test } from "node:test";
import { goBinary, goTest } from "../helpers/go.js";
import { cycles } from "../helpers/hosts/cycles.js";
import { tsPlugin } from "../helpers/ts-plugin.js";

const CYCLES = 200;

goTest(`[PLUGIN-7] ${CYCLES} lives of a Go plugin leave nothing behind`, async (t) => {
  await cycles(t, [await goBinary("greeter-plugin")], CYCLES);
});

test(`[PLUGIN-7] ${CYCLES} lives of a TypeScript plugin leave nothing behind`, async (t) => {
  await cycles(t, [await tsPlugin("examples/greeter/plugin.ts")], CYCLES);
});
