import { serve } from "goplug";
import { greeter, handshake } from "./contract.js";

serve({ handshake, plugins: { greeter: greeter.implement({ Greet: () => "Hello!" }) } });
