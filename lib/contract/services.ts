/** go-plugin's own services: the names and contracts that every connection has. */
import { bool, empty, string, uint32 } from "../../protocol/schema/index.js";

/** [PLUGIN-3] The argument is `true` and means nothing. */
export const controlMethods = {
  Ping: { args: bool(), reply: empty() },
  Quit: { args: bool(), reply: empty() },
} as const;

/** [PLUGIN-4] From a plugin's name to the broker id where its service waits. */
export const dispenserMethods = {
  Dispense: { args: string(), reply: uint32() },
} as const;

export const CONTROL_SERVICE = "Control";
export const DISPENSER_SERVICE = "Dispenser";
/** The name of every dispensed service [PLUGIN-5]. */
export const PLUGIN_SERVICE = "Plugin";
