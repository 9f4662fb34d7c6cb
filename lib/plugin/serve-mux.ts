/** Several plugins in one program. */

import { serve } from "./serve.js";
import type { ServeConfig } from "./serve-config.js";

/**
 * Serves the plugin that the host names in the program's only argument. Prints Go's text to stderr and exits with
 * code 1 when there is no such argument or no such plugin.
 *
 * @param configs - by name.
 * Go: `ServeMux`.
 */
export async function serveMux(configs: Readonly<Record<string, ServeConfig>>): Promise<void> {
  const [name, ...rest] = process.argv.slice(2);
  if (name === undefined || rest.length > 0) {
    process.stderr.write(
      "Invoked improperly. This is an internal command that shouldn't\nbe manually invoked.\n",
    );
    process.exit(1);
  }
  const config = Object.hasOwn(configs, name) ? configs[name] : undefined;
  if (config === undefined) {
    process.stderr.write(`Unknown plugin: ${name}\n`);
    process.exit(1);
  }
  await serve(config);
}
