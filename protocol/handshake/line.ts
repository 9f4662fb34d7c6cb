/**
 * The one line that a plugin prints on stdout. Its grammar is data, because Packer and others speak the
 * same protocol after another line [NETRPC-26].
 */
import { HandshakeError } from "../errors.js";

/** The meaning of a field of the line. */
export type LineField =
  | "core"
  | "app"
  | "minor"
  | "network"
  | "address"
  | "protocol"
  | "certificate"
  | "multiplex";

/** Which fields a line has. */
export interface LineGrammar {
  /** In order. A line may have more fields, which are ignored [HANDSHAKE-2]. */
  readonly fields: readonly LineField[];
  /** How many fields a line must have at least. */
  readonly required: number;
  /** The core version that the line must have, if it has a core field. */
  readonly coreVersion: number;
  /** The protocol of a line that is too short to name one. */
  readonly defaultProtocol: string;
}

/** [HANDSHAKE-1] `core|app|network|address|protocol|certificate|multiplex`. */
export const GO_PLUGIN_LINE: LineGrammar = {
  fields: ["core", "app", "network", "address", "protocol", "certificate", "multiplex"],
  required: 4,
  coreVersion: 1,
  defaultProtocol: "netrpc",
};

/** The facts in a line. */
export interface Handshake {
  /** The application version that the plugin chose. */
  readonly appVersion: number;
  /** How the plugin listens. */
  readonly network: "unix" | "tcp";
  /** A socket path, or `host:port`. */
  readonly address: string;
  /** `netrpc` or `grpc`. */
  readonly protocol: string;
  /** The plugin's certificate: DER as standard base64 without padding, or empty. */
  readonly certificate: string;
  /** As printed; empty where the field is missing. */
  readonly multiplex: string;
}

/** The versions and protocols that the host accepts. */
export interface LineExpectation {
  /** The application versions that the host has plugins for. */
  readonly appVersions: readonly number[];
  /** Go: `ClientConfig.AllowedProtocols`. */
  readonly allowedProtocols: readonly string[];
}

/** [HANDSHAKE-7] Old plugins print other things in the certificate's field, which are shorter. */
const MIN_CERTIFICATE_LENGTH = 51;
/** How much of a line an error shows, in characters. */
const SHOWN_LINE_LENGTH = 400;

/**
 * [HANDSHAKE-3] Reads the line. The checks have Go's order and Go's texts.
 *
 * @throws HandshakeError - its code says which field is wrong. `unrecognized`: the line is no handshake at all.
 * Go: `Client.Start`.
 */
export function parseLine(
  line: string,
  expect: LineExpectation,
  grammar: LineGrammar = GO_PLUGIN_LINE,
): Handshake {
  const text = line.trim();
  const parts = text.split("|");
  const shown = cut(text);
  if (parts.length < grammar.required) {
    throw new HandshakeError("unrecognized", `Unrecognized remote plugin message: ${shown}`, {
      line: shown,
    });
  }
  const at = (name: LineField) => {
    const index = grammar.fields.indexOf(name);
    return index < 0 ? undefined : parts[index];
  };
  checkCore(at("core"), grammar.coreVersion, shown);
  const appVersion = checkApp(at("app"), expect.appVersions, shown);
  const address = at("address") ?? "";
  const network = checkNetwork(at("network"), address, shown);
  const protocol = at("protocol") ?? grammar.defaultProtocol;
  if (!expect.allowedProtocols.includes(protocol)) {
    const supported = expect.allowedProtocols.join(" ");
    throw new HandshakeError(
      "unsupported-protocol",
      `unsupported plugin protocol ${JSON.stringify(cut(protocol))}. Supported: [${supported}]`,
      { line: shown },
    );
  }
  const certificate = at("certificate") ?? "";
  return {
    appVersion,
    network,
    address,
    protocol,
    certificate: certificate.length < MIN_CERTIFICATE_LENGTH ? "" : certificate,
    multiplex: at("multiplex") ?? "",
  };
}

/** [HANDSHAKE-6] Writes the line with its newline. The multiplex field is left out when it is empty. */
export function formatLine(handshake: Handshake, grammar: LineGrammar = GO_PLUGIN_LINE): string {
  const values: Record<LineField, string> = {
    core: String(grammar.coreVersion),
    app: String(handshake.appVersion),
    minor: "0",
    network: handshake.network,
    address: handshake.address,
    protocol: handshake.protocol,
    certificate: handshake.certificate,
    multiplex: handshake.multiplex,
  };
  const parts = grammar.fields.map((name) => values[name]);
  if (grammar.fields.at(-1) === "multiplex" && handshake.multiplex === "") parts.pop();
  return `${parts.join("|")}\n`;
}

/** Go's `strconv.Atoi`: an optional sign and digits. Undefined for anything else. */
function parseInteger(text: string): number | undefined {
  if (!/^[+-]?\d+$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
}

const atoiError = (text: string) =>
  `strconv.Atoi: parsing ${JSON.stringify(cut(text))}: invalid syntax`;

function checkCore(text: string | undefined, wanted: number, line: string): void {
  if (text === undefined) return;
  const core = parseInteger(text);
  if (core === undefined) {
    throw new HandshakeError(
      "bad-core-version",
      `error parsing core protocol version: ${atoiError(text)}`,
      { line },
    );
  }
  if (core !== wanted) {
    throw new HandshakeError(
      "core-version",
      `incompatible core API version with plugin. Plugin version: ${core}, ` +
        `Core version: ${wanted}\n\n` +
        "To fix this, the plugin usually only needs to be recompiled.\n" +
        "Please report this to the plugin author",
      { line, pluginVersion: core, hostVersions: [wanted] },
    );
  }
}

function checkApp(text: string | undefined, versions: readonly number[], line: string): number {
  const app = parseInteger(text ?? "");
  if (app === undefined) {
    const shown = JSON.stringify(cut(text ?? ""));
    throw new HandshakeError(
      "bad-app-version",
      `Error parsing protocol version ${shown}: ${atoiError(text ?? "")}`,
      { line },
    );
  }
  if (!versions.includes(app)) {
    throw new HandshakeError(
      "app-version",
      `incompatible API version with plugin. Plugin version: ${app}, ` +
        `Client versions: [${versions.join(" ")}]`,
      { line, pluginVersion: app, hostVersions: versions },
    );
  }
  return app;
}

function checkNetwork(text: string | undefined, address: string, line: string): "unix" | "tcp" {
  if (text === "unix" && address !== "") return text;
  if (text === "unix") throw new HandshakeError("bad-address", "empty socket path", { line });
  if (text !== "tcp") {
    // Go prints the address here and not the network, although the network is wrong. We add it.
    throw new HandshakeError(
      "unknown-network",
      `unknown address type: ${cut(address)} (network ${JSON.stringify(cut(text ?? ""))})`,
      { line },
    );
  }
  parseHostPort(address, line);
  return text;
}

/**
 * Splits `host:port`. An empty host is this machine. An IPv6 host is in brackets.
 *
 * @param line - for the error. @throws HandshakeError `bad-address`.
 */
export function parseHostPort(address: string, line?: string): { host: string; port: number } {
  const match = /^(?:\[([^\]]*)\]|([^:]*)):(\d{1,5})$/.exec(address);
  const port = Number(match?.[3]);
  if (match === null || port > 65535) {
    const reason = address.includes(":")
      ? "bad host or port in address"
      : "missing port in address";
    throw new HandshakeError("bad-address", `address ${cut(address)}: ${reason}`, { line });
  }
  return { host: match[1] || match[2] || "127.0.0.1", port };
}

const cut = (text: string): string =>
  text.length <= SHOWN_LINE_LENGTH
    ? text
    : `${text.slice(0, SHOWN_LINE_LENGTH)}… (${text.length} characters)`;
