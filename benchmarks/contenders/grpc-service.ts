/** The service definition that the grpc-js client and server share. */

import { loadPackageDefinition, type ServiceClientConstructor } from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";

export interface Text {
  readonly text: string;
}

/** The service of `echo.proto`, which is loaded when the program starts, as in the guide of grpc-js. */
export function loadBench(protoPath: string): ServiceClientConstructor {
  const { bench } = loadPackageDefinition(loadSync(protoPath));
  return (bench as Record<string, ServiceClientConstructor>).Bench!;
}
