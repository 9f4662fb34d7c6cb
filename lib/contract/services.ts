/** go-plugin's own services: the names and contracts that every connection has. */
import { bool, empty, string, uint32 } from "../../protocol/schema/index.js";

/** The methods of the service Control [PLUGIN-3]. The argument is `true` and means nothing. */
export const controlMethods = {
  Ping: { args: bool(), reply: empty() },
  Quit: { args: bool(), reply: empty() },
} as const;

/** The methods of the service Dispenser [PLUGIN-4]: from a plugin's name to the broker id of its service. */
export const dispenserMethods = {
  Dispense: { args: string(), reply: uint32() },
} as const;

/** The name of the service with {@link controlMethods}. */
export const CONTROL_SERVICE = "Control";
/** The name of the service with {@link dispenserMethods}. */
export const DISPENSER_SERVICE = "Dispenser";
/** The name of every dispensed service [PLUGIN-5]. */
export const PLUGIN_SERVICE = "Plugin";
