import { type ServeConfig, serve } from "./serve.js";

/**
 * Serves one of several plugins in one program: the host starts it with the name as the only argument.
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
