/**
 * `goplug/testing`: plugins under test without a process of their own. It needs no particular test runner.
 *
 * - {@link testPluginConn}: host and plugin joined in memory; the fastest.
 * - {@link serveTest}: a plugin served by the test's process on a real socket, for a real `Client`.
 * - {@link testRpcConn}, {@link testConn}: net/rpc, and bare sockets, over loopback.
 */
export {
  isPluginError,
  PluginError,
  type PluginErrorCode,
  type PluginErrorFacts,
} from "./errors.js";
export { type ServeTestConfig, serveTest, type TestServer } from "./testing/serve-test.js";
export { type TestRpcConn, testConn, testRpcConn } from "./testing/test-conn.js";
export {
  type TestOptions,
  type TestPluginConn,
  testPluginConn,
} from "./testing/test-plugin-conn.js";
