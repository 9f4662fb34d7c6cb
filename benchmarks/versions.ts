/** The first line of a run. */

import { readText } from "../scripts/files.js";
import { goVersion } from "../test/helpers/go.js";

const GO_MODULES = ["go-plugin", "yamux"];
const PACKAGES = [
  "@grpc/grpc-js",
  "protobufjs",
  "vscode-jsonrpc",
  "yamux-js",
  "@libp2p/yamux",
  "msgpackr",
  "@msgpack/msgpack",
];

/** The exact versions of everything that a run compares. */
export function versions(): string[] {
  const goMod = readText("test/go/peers/go.mod");
  const modules = GO_MODULES.map((name) => {
    const version = new RegExp(`hashicorp/${name} (v\\S+)`).exec(goMod)?.[1];
    return `${name} ${version}`;
  });
  const packages = PACKAGES.map((name) => {
    const { version } = JSON.parse(readText(`node_modules/${name}/package.json`)) as {
      version: string;
    };
    return `${name} ${version}`;
  });
  return [`node ${process.version}`, `${goVersion}`, ...modules, ...packages];
}
