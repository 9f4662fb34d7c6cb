/**
 * goplug: HashiCorp go-plugin for Node.js.
 *
 * For hosts: `Client`. For plugins: `serve`. For both: `definePlugin` and the schemas under `gob`.
 */

export { toDuplex, toWeb } from "../mux/duplex.js";
// The layers below, as far as hosts and plugins meet them
export { isMuxError, MuxError, type MuxErrorCode } from "../mux/errors.js";
export type { Stream } from "../mux/stream.js";
export {
  CodecError,
  type CodecErrorCode,
  HandshakeError,
  type HandshakeErrorCode,
  isCodecError,
  isHandshakeError,
  isRpcError,
  isServerError,
  RpcError,
  type RpcErrorCode,
  ServerError,
} from "../protocol/errors.js";
// The handshake by itself, for programs that speak behind another line
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
export {
  type CallContext,
  type Caller,
  type CallOptions,
  type Implementation,
  type Method,
  type Methods,
  RpcClient,
  type Service,
  service,
} from "../protocol/netrpc/index.js";
export type { In, Out } from "../protocol/schema/index.js";
// For hosts
export { type SecureConfig, verifyChecksum } from "./checksum.js";
export { Client } from "./client.js";
export type {
  ClientConfig,
  Connected,
  ConnectedPlugin,
  VersionedPlugins,
} from "./client-config.js";
// For both
export {
  type DefinePluginOptions,
  definePlugin,
  type PluginCallContext,
  type PluginContract,
  type PluginImplementation,
} from "./define-plugin.js";
export type {
  CallMessage,
  ProcessMessage,
  Role,
  SessionMessage,
  StreamMessage,
} from "./diagnostics.js";
export { discover } from "./discover.js";
export {
  isPluginError,
  PluginError,
  type PluginErrorCode,
  type PluginErrorFacts,
  type PluginPhase,
} from "./errors.js";
export * as gob from "./gob.js";
export { type ByteSink, type ByteSource, type LentOptions, lent } from "./lent.js";
export type { LogFields, Logger, LogLevel } from "./logger.js";
export { cleanupClients, killOnSignals, wasCleanedUp } from "./managed.js";
export { type BrokerCalls, type BrokerWait, MuxBroker } from "./mux-broker.js";
export {
  type HostConn,
  type HostConnOptions,
  hostConn,
  type PluginConn,
  type PluginConnOptions,
  pluginConn,
} from "./open-conn.js";
export type {
  ClientOf,
  ClientPlugin,
  ClientPluginSet,
  HandshakeConfig,
  Plugin,
  ServerPlugin,
  ServerPluginSet,
} from "./plugin.js";
// For plugins
export { type PluginLoggerOptions, pluginLogger } from "./plugin-logger.js";
export type { ReattachConfig } from "./reattach.js";
export type {
  AttachedRunner,
  ExitFacts,
  Runner,
  RunnerFunc,
  RunnerSpec,
} from "./runner.js";
export { type ServeConfig, serve } from "./serve.js";
export { serveMux } from "./serve-mux.js";
export type { Address } from "./socket.js";
export type { TlsProvider } from "./tls.js";
