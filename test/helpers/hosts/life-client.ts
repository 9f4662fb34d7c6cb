/** Clients of the fixture plugin `life`, killed when the test is over. */
import type { TestContext } from "node:test";
import type { Client, ClientConfig, LogFields, Logger } from "goplug";
import { NULL_LOGGER } from "../../../lib/observe/logger.js";
import { handshake, life } from "../../fixtures/contracts/life.js";
import { tsPlugin } from "../ts-plugin.js";
import { newHost } from "./new-host.js";

const plugins = { life };

/** A client of the plugin `life`. `config` says what it starts. */
export function lifeClient(t: TestContext, config: Partial<ClientConfig>): Client<typeof plugins> {
  return newHost(t, { handshake, plugins, ...config } as ClientConfig<typeof plugins>);
}

/** The path of the TypeScript plugin `life`. */
export const lifeProgram = (): Promise<string> => tsPlugin("test/fixtures/plugins/life.ts");

/** A command that prints `line` and keeps running. */
export const saying = (line: string): string[] => [
  "/bin/sh",
  "-c",
  `echo "${line}"; exec sleep 600`,
];

/** A logger that keeps its warnings. */
export function keepWarnings(): {
  readonly logger: Logger;
  readonly warnings: [LogFields, string][];
} {
  const warnings: [LogFields, string][] = [];
  const warn = (fields: LogFields, text: string) => void warnings.push([fields, text]);
  return { logger: { ...NULL_LOGGER, warn }, warnings };
}
