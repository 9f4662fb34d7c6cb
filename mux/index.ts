/** The public names of the mux layer. */

export { Broker, type BrokerOptions } from "./broker.js";
export { DEFAULT_CONFIG, type MuxLogger, type SessionConfig, verifyConfig } from "./config.js";
export { type DuplexOptions, type DuplexSource, toDuplex } from "./duplex.js";
export { type FromDuplexOptions, fromDuplex } from "./duplex-transport.js";
export { isMuxError, MuxError, type MuxErrorCode, type MuxErrorFacts } from "./errors.js";
export {
  decodeHeader,
  encodeHeader,
  FLAG,
  type FrameHeader,
  formatHeader,
  GO_AWAY,
  HEADER_BYTES,
  INITIAL_WINDOW_BYTES,
  TYPE,
  VERSION,
} from "./frame.js";
export { Session } from "./session.js";
export type { Stream } from "./stream.js";
export type { StreamState } from "./stream-state.js";
export type { Transport } from "./transport.js";
export type { WaitOptions } from "./wait.js";
export { toWeb } from "./web-streams.js";
