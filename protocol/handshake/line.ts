import { HandshakeError } from "../errors.js";

/**
 * The one line a plugin prints on stdout. Its grammar is data, because Packer and others speak the
 * same protocol behind another line [NETRPC-26].
 */

/** What a field of the line means. */
export type LineField =
  | "core"
  | "app"
  | "minor"
  | "network"
  | "address"
  | "protocol"
  | "certificate"
  | "multiplex";

export interface LineGrammar {
  /** In order. Fields past the last are ignored [HANDSHAKE-2]. */
  readonly fields: readonly LineField[];
  /** How many fields a line must have at least. */
  readonly required: number;
  /** The core version to insist on, where there is a core field. */
  readonly coreVersion: number;
  /** The protocol of a line that is too short to name one. */
  readonly defaultProtocol: string;
}

/** `core|app|network|address|protocol|certificate|multiplex` [HANDSHAKE-1] */
export const GO_PLUGIN_LINE: LineGrammar = {
  fields: ["core", "app", "network", "address", "protocol", "certificate", "multiplex"],
  required: 4,
  coreVersion: 1,
  defaultProtocol: "netrpc",
};

export interface Handshake {
  readonly appVersion: number;
  readonly network: "unix" | "tcp";
  /** A socket path, or `host:port`. */
  readonly address: string;
  readonly protocol: string;
  /** DER as standard base64 without padding, or empty. */
  readonly certificate: string;
  /** As printed; empty where the field is missing. */
  readonly multiplex: string;
}

export interface LineExpectation {
  /** The application versions the host has plugins for. */
  readonly appVersions: readonly number[];
  readonly allowedProtocols: readonly string[];
}

/** Older plugins printed other things in the place of the certificate [HANDSHAKE-7]. */
const MIN_CERTIFICATE_LENGTH = 51;
/** How much of a stray line an error shows, in characters. */
const SHOWN_LINE_LENGTH = 400;

/**
 * Reads the line, checking in Go's order and with Go's texts [HANDSHAKE-3].
 *
 * @throws HandshakeError - the code says which field; `unrecognized` for no handshake at all.
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

/** Writes the line with its newline; the last field only when there is one [HANDSHAKE-6]. */
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

/** Go's `strconv.Atoi`: an optional sign and digits; undefined for anything else [HANDSHAKE-3]. */
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
    // Go prints the address here, not the network; we add what it leaves out.
    throw new HandshakeError(
      "unknown-network",
      `unknown address type: ${cut(address)} (network ${JSON.stringify(cut(text ?? ""))})`,
      { line },
    );
  }
  parseHostPort(address, line);
  return text;
}

/** Splits `host:port`; an empty host is this machine, and an IPv6 host stands in brackets. */
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
