/**
 * The Go side of the tests: the programs under `test/go`, those of our examples, and go-plugin's own. Tests that need Go are
 * skipped where there is none, and named at the end of the run. With CI=true they fail.
 */
import { type TestContext, test } from "node:test";
import { buildGo, goVersion } from "./go-build.js";

export * from "./go-run.js";
export { goVersion };

/** Why a test was skipped, or a script cannot run. */
export const NO_GO = "there is no Go toolchain on this machine (`go env` failed)";

/** Registers a test that needs Go. */
export function goTest(name: string, run: (t: TestContext) => void | Promise<void>): void {
  if (goVersion !== undefined) test(name, run);
  else if (process.env.CI === "true")
    test(name, () => Promise.reject(new Error(`CI=true, but ${NO_GO}`)));
  else test(name, { skip: NO_GO }, run);
}

const PEERS = "test/go/peers";

/** The programs of `test/go/peers/cmd`; each says in its first comment what it does. */
export type GoProgram =
  | "bad-plugin"
  | "bench-gob"
  | "bench-host"
  | "bench-plugin"
  | "faulty-plugin"
  | "fixture-host"
  | "fixture-plugin"
  | "gob-facts"
  | "gob-fuzz"
  | "interface-host"
  | "interface-plugin"
  | "greeter-host"
  | "greeter-plugin"
  | "kv-host"
  | "kv-plugin"
  | "loans-host"
  | "loans-plugin"
  | "printed-host"
  | "recorder"
  | "transcript";

/** The path of a program of `test/go/peers`. */
export const goBinary = (name: GoProgram): Promise<string> =>
  buildGo(name, { module: PEERS, target: `./cmd/${name}` });

const UPSTREAM = {
  "basic-host": "basic",
  "basic-plugin": "basic/plugin",
  "grpc-host": "grpc",
  "grpc-plugin": "grpc/plugin-go-netrpc",
  "grpc-plugin-grpc": "grpc/plugin-go-grpc",
  "negotiated-host": "negotiated",
  "negotiated-plugin": "negotiated/plugin-go",
} as const;

/** The path of one of go-plugin's own examples, built unchanged. */
export const upstreamBinary = (name: keyof typeof UPSTREAM): Promise<string> =>
  buildGo(`upstream-${name}`, {
    module: PEERS,
    target: `github.com/hashicorp/go-plugin/examples/${UPSTREAM[name]}`,
    files: /^go\.(mod|sum)$/,
  });

/** The Go twins of our examples: `examples/greeter/go` and the like. */
export type ExampleProgram =
  | `${"callbacks" | "greeter" | "kv" | "streams" | "uploads"}-${"host" | "plugin"}`
  | "yamux-server";

/** The path of the Go twin of one of our examples. */
export function exampleBinary(name: ExampleProgram): Promise<string> {
  const [example, role] = name.split("-");
  return buildGo(`example-${name}`, { module: `examples/${example}/go`, target: `./${role}` });
}

/** The path of the program that writes the vectors of spec/vectors, and decodes the bytes of other encoders. */
export const generatorBinary = (): Promise<string> =>
  buildGo("generate", { module: "spec/vectors/generate" });

/** The path of `test/go/codecs`: net/rpc in every codec of Go's libraries. */
export const codecsBinary = (): Promise<string> => buildGo("codecs", { module: "test/go/codecs" });

/** The path of `test/go/packer`: packer-plugin-sdk as a plugin and as a host. */
export const packerSdkBinary = (): Promise<string> =>
  buildGo("packer-sdk", { module: "test/go/packer" });

/** The versions of yamux that go-plugin was ever built with. The last one is the default. */
export const YAMUX_VERSIONS = ["2018", "v0.1.1", "v0.1.2"] as const;
/** One of {@link YAMUX_VERSIONS}. */
export type YamuxVersion = (typeof YAMUX_VERSIONS)[number];

/** The path of a program of `test/go/yamux`, built with that version of yamux. */
export const yamuxBinary = (
  name: "peer" | "bench",
  version: YamuxVersion = "v0.1.2",
): Promise<string> =>
  buildGo(`yamux-${name}-${version}`, {
    module: "test/go/yamux",
    target: `./${name}`,
    modfile: version === "v0.1.2" ? "go.mod" : `${version}.mod`,
  });
