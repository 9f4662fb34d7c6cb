import { loadPackageDefinition, type ServiceClientConstructor } from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";

export interface Text {
  readonly text: string;
}

/** The service of `echo.proto`, read when the program starts, as grpc-js's own guide does it. */
export function loadBench(protoPath: string): ServiceClientConstructor {
  const { bench } = loadPackageDefinition(loadSync(protoPath));
  return (bench as Record<string, ServiceClientConstructor>).Bench!;
}
