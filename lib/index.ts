/**
 * goplug: HashiCorp go-plugin for Node.js.
 *
 * For hosts: `Client`. For plugins: `serve`. For both: `definePlugin` and the schemas under `gob`.
 */

// biome-ignore-start assist/source/organizeImports: names are grouped by who uses them

// For hosts
export { Client } from "./host/client.js";
export type { KillOutcome, KillResult } from "./host/kill-result.js";
export type { ClientConfig } from "./host/client-config.js";
export type { Connected, ConnectedPlugin, VersionedPlugins } from "./host/connected.js";
export { type SecureConfig, verifyChecksum } from "./host/process/checksum.js";
export { discover } from "./host/discover.js";
export { cleanupClients, wasCleanedUp } from "./host/managed.js";
export type { ReattachConfig } from "./host/reattach-config.js";
export type { AttachedRunner, Runner, RunnerFunc, RunnerSpec } from "./host/process/runner.js";

// For plugins
export { serve } from "./plugin/serve.js";
export type { ServeConfig } from "./plugin/serve-config.js";
export { serveMux } from "./plugin/serve-mux.js";
export type { ServeConn } from "./plugin/served-connection.js";
export { type PluginLoggerOptions, pluginLogger } from "./plugin/plugin-logger.js";
export type { TlsProvider } from "./tls/plugin-tls.js";

// For both: contracts
export {
  type DefinePluginOptions,
  definePlugin,
  type PluginCallContext,
  type PluginContract,
  type PluginImplementation,
} from "./contract/define-plugin.js";
export * as gob from "./gob.js";
export type { In, Out } from "../protocol/schema/index.js";

// For both: what calls lend, and the broker's streams
export type { ByteSink, ByteSource } from "./contract/lend-bytes.js";
export {
  type CallLoans,
  callLoans,
  type Lending,
  type LentOptions,
  lending,
  type ServeLoan,
} from "./contract/lending.js";
export type { Loan, LoanScope } from "./contract/loan-scope.js";
export { lent } from "./contract/lent.js";
export { type BrokerCalls, type BrokerWait, MuxBroker } from "./contract/mux-broker.js";
export { type DuplexSource, toDuplex } from "../mux/duplex.js";
export type { Stream } from "../mux/stream.js";
export { toWeb } from "../mux/web-streams.js";

// For both: go-plugin's own interface
export type {
  ClientOf,
  ClientPlugin,
  ClientPluginSet,
  HandshakeConfig,
  Plugin,
  ServerPlugin,
  ServerPluginSet,
} from "./contract/plugin.js";
export {
  type CallContext,
  type Caller,
  type CallOptions,
  type Implementation,
  type Method,
  type MethodCallOptions,
  type Methods,
  RpcClient,
  type Service,
  service,
} from "../protocol/netrpc/index.js";

// For both: errors
export {
  type ExitFacts,
  isPluginError,
  PluginError,
  type PluginErrorCode,
  type PluginErrorFacts,
  type PluginPhase,
} from "./errors.js";
export { isMuxError, MuxError, type MuxErrorCode } from "../mux/errors.js";
export {
  CodecError,
  type CodecErrorCode,
  HandshakeError,
  type HandshakeErrorCode,
  isCodecError,
  isHandshakeError,
  isRpcError,
  isServerError,
  type MismatchReason,
  RpcError,
  type RpcErrorCode,
  ServerError,
} from "../protocol/errors.js";

// For both: logs and messages about what happens
export type { LogFields, Logger, LogLevel } from "./observe/logger.js";
export type {
  CallMessage,
  MismatchMessage,
  ProcessMessage,
  Role,
  SessionMessage,
  StreamMessage,
} from "./observe/diagnostics.js";

// For libraries: a connection without a process, and the handshake for programs with another line
export { type HostConn, type HostConnOptions, hostConn } from "./host/host-conn.js";
export { type PluginConn, type PluginConnOptions, pluginConn } from "./plugin/plugin-conn.js";
export type { Address } from "./net/socket.js";
export {
  type Cookie,
  checkCookie,
  type EnvNames,
  formatLine,
  GO_PLUGIN_ENV,
  GO_PLUGIN_LINE,
  type Handshake,
  type LineExpectation,
  type LineField,
  type LineGrammar,
  parseLine,
} from "../protocol/handshake/index.js";

// biome-ignore-end assist/source/organizeImports: names are grouped by who uses them
