// A builder, a provisioner and a post-processor in one program.

import { builderService } from "./builder.js";
import { postProcessorService } from "./post-processor.js";
import { provisionerService } from "./provisioner.js";
import { servePacker } from "./serve.js";

servePacker({
  version: "0.1.0",
  builder: builderService,
  provisioner: provisionerService,
  "post-processor": postProcessorService,
});
