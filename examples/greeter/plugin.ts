import { pluginLogger, serve } from "goplug";
import { greeter, handshake } from "./contract.js";

// Its records arrive in the host's log, with their level and fields.
const logger = pluginLogger();

logger.debug({ foo: "bar" }, "message from plugin");

serve({
  handshake,
  plugins: {
    greeter: greeter.implement({
      Greet: () => {
        logger.debug({}, "message from GreeterHello.Greet");
        return "Hello!";
      },
    }),
  },
});
