import { gob } from "goplug";
import { answerPairs, isSame, type Pair } from "./gob-measure.js";
import { PAYLOADS } from "./gob-payloads.js";

/** Our codec, measured on command: a stream whose definitions went ahead, as on a connection. */
function pair(letter: string): Pair {
  const payload = PAYLOADS[letter];
  if (payload === undefined) throw new Error(`no payload ${letter}`);
  const { schema, in: value, out } = payload;
  const encoder = new gob.Encoder();
  const decoder = new gob.Decoder();
  let last: Uint8Array | undefined;
  // Memory is used again, as Go's contender resets its buffer.
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
  // A Buffer, as it comes from a socket.
  const bytes = Buffer.from(encode());
  return {
    encode: { run: encode, isRight: isSame(bytes) },
    decode: { run: () => decode(bytes), isRight: isSame(out) },
  };
}

answerPairs(pair);
