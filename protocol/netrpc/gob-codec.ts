/** net/rpc's own codec: calls in gob. */
import { Decoder, type DecoderOptions } from "../gob/decoder.js";
import { Encoder, type EncoderOptions } from "../gob/encoder.js";
import { Registry } from "../gob/registry.js";
import type { ClientCodec, ServerCodec } from "./codec.js";
import { answerHeader } from "./header.js";
import { PairClientCodec, PairServerCodec } from "./pair-codec.js";

/** The settings of the two gob streams of a connection. */
export interface GobCodecOptions {
  /** Names of the types behind interfaces, in both directions. Default: the predeclared types only. */
  readonly registry?: Registry | undefined;
  /** Settings of the stream going out. */
  readonly encoder?: EncoderOptions;
  /** Limits of the stream coming in. */
  readonly decoder?: DecoderOptions;
}

/** A codec for {@link RpcClient} that speaks gob. Go: the codec of `rpc.NewClient`. */
export const gobClientCodec = (options: GobCodecOptions = {}): ClientCodec =>
  new PairClientCodec(...gobStreams(options));

/** A codec for {@link RpcServer} that speaks gob. Go: the codec of `rpc.ServeConn`. */
export const gobServerCodec = (options: GobCodecOptions = {}): ServerCodec =>
  new PairServerCodec(...gobStreams(options));

function gobStreams({
  registry = new Registry(),
  ...options
}: GobCodecOptions): [Decoder, Encoder] {
  return [
    new Decoder({
      registry,
      ...options.decoder,
      except: [answerHeader, ...(options.decoder?.except ?? [])],
    }),
    new Encoder({ registry, ...options.encoder }),
  ];
}
