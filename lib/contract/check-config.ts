/**
 * What a host and a plugin check alike in their configuration. The compiler checks it too; these checks are for plain
 * JavaScript, where a wrong value would otherwise fail later and elsewhere.
 */
import { shapeOf } from "../../protocol/schema/failure.js";
import { isObject } from "../../protocol/schema/keys.js";
import { PluginError } from "../errors.js";

/** The error for a configuration that cannot be used. */
export const badConfig = (text: string): PluginError =>
  new PluginError("bad-config", text, { phase: "config" });

/** Throws that the setting at `path` has the wrong value. */
export function refuse(path: string, wanted: string, got: unknown): never {
  throw badConfig(`plugin: ${path}: want ${wanted}, got ${shapeOf(got)}`);
}

/** @throws PluginError `bad-config` for a handshake that is missing, or that no environment can carry. */
export function assertHandshake(handshake: unknown): void {
  if (!isObject(handshake))
    refuse("handshake", "an object with the cookie's key and value", handshake);
  const {
    magicCookieKey: key,
    magicCookieValue: value,
    protocolVersion,
  } = handshake as {
    readonly [name: string]: unknown;
  };
  if (typeof key !== "string") refuse("handshake.magicCookieKey", "a string", key);
  if (typeof value !== "string") refuse("handshake.magicCookieValue", "a string", value);
  if (/[=\0]/.test(key)) {
    const text = JSON.stringify(key);
    throw badConfig(`plugin: handshake.magicCookieKey: no variable can have the name ${text}`);
  }
  if (value.includes("\0")) {
    throw badConfig("plugin: handshake.magicCookieValue: no variable can have a zero byte");
  }
  if (protocolVersion !== undefined && !Number.isSafeInteger(protocolVersion)) {
    refuse("handshake.protocolVersion", "a whole number", protocolVersion);
  }
}

/** The half of a plugin that a host needs, or the one that is served. */
export type PluginHalf = "client" | "server";

/** @throws PluginError `bad-config` that names the entry which is not a plugin: `plugins.kv`, `versionedPlugins.3.kv`. */
export function assertPlugins(
  config: { readonly plugins?: unknown; readonly versionedPlugins?: unknown },
  half: PluginHalf,
): void {
  if (config.plugins !== undefined) assertPluginSet(config.plugins, "plugins", half);
  const { versionedPlugins: sets } = config;
  if (sets === undefined) return;
  if (!isObject(sets)) refuse("versionedPlugins", "an object of sets by version", sets);
  for (const [version, set] of Object.entries(sets)) {
    const path = `versionedPlugins.${version}`;
    if (!/^\d+$/.test(version)) throw badConfig(`plugin: ${path}: a version is a whole number`);
    assertPluginSet(set, path, half);
  }
}

/** @throws PluginError `bad-config` that names the entry by `path` and its name. */
export function assertPluginSet(set: unknown, path: string, half: PluginHalf): void {
  if (!isObject(set)) refuse(path, "an object of plugins by name", set);
  for (const [name, plugin] of Object.entries(set)) {
    const problem = pluginProblem(plugin, half);
    if (problem !== undefined) throw badConfig(`plugin: ${path}.${name}: ${problem}`);
  }
}

function pluginProblem(plugin: unknown, half: PluginHalf): string | undefined {
  const has = (name: string) => isObject(plugin) && typeof Reflect.get(plugin, name) === "function";
  if (has(half)) return undefined;
  if (has("implement"))
    return "a contract is not served by itself: pass contract.implement({ ... })";
  const hint = typeof plugin === "function" ? ": call it, or pass what definePlugin returns" : "";
  return `want a plugin with a method ${half}, got ${shapeOf(plugin)}${hint}`;
}
