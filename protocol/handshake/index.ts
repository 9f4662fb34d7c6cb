/** The handshake of go-plugin: the line on stdout and the environment, without processes. */
export {
  type Cookie,
  type CookieProblem,
  checkCookie,
  type Environment,
  type EnvNames,
  GO_PLUGIN_ENV,
  type HostOffer,
  type Negotiated,
  negotiateVersion,
  pluginEnv,
  underGoNames,
} from "./env.js";
export {
  formatLine,
  GO_PLUGIN_LINE,
  type Handshake,
  type LineExpectation,
  type LineField,
  type LineGrammar,
  parseHostPort,
  parseLine,
} from "./line.js";
