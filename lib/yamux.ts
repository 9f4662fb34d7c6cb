/** `goplug/yamux`: a yamux session over any duplex stream, and streams with Node's usual faces. */
export * from "../mux/index.js";
