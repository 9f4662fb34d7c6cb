/** The plugin's logger by itself; plugin-life.test.ts shows it in a process. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseRecord } from "../../../lib/observe/hclog.js";
import { pluginLogger } from "../../../lib/plugin/plugin-logger.js";

test("a plugin's logger writes nothing below its level", () => {
  const lines: string[] = [];
  const logger = pluginLogger({ level: "warn", write: (line) => lines.push(line) });
  logger.info({}, "no");
  logger.error({ code: 7 }, "yes");
  assert.equal(lines.length, 1);
  assert.equal(parseRecord(lines[0] ?? "")?.fields.code, 7);
});
