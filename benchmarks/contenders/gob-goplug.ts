/** The gob contender with our codec. */

import { gob } from "goplug";
import { answerPairs, isSame, type Pair } from "./gob-measure.js";
import { PAYLOADS } from "./gob-payloads.js";

/** Measures our gob codec, on a stream whose type definitions were already sent, as on a connection. */
function pair(letter: string): Pair {
  const payload = PAYLOADS[letter];
  if (payload === undefined) throw new Error(`no payload ${letter}`);
  const { schema, in: value, out } = payload;
  const encoder = new gob.Encoder();
  const decoder = new gob.Decoder();
  let last: Uint8Array | undefined;
  // Memory is reused, because Go's contender resets its buffer too.
  const encode = () => {
    if (last !== undefined) encoder.recycle(last);
    last = encoder.encode(schema, value as never);
    return last;
  };
  const decode = (bytes: Uint8Array): unknown => {
    decoder.push(bytes);
    return decoder.tryDecode(schema);
  };
  decode(encode());
  // A Buffer, because a socket delivers Buffers.
  const bytes = Buffer.from(encode());
  return {
    encode: { run: encode, isRight: isSame(bytes) },
    decode: { run: () => decode(bytes), isRight: isSame(out) },
  };
}

answerPairs(pair);
