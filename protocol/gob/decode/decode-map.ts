/** Decoders of maps. */
import { COST } from "../../bytes/cost.js";
import { readLatin1 } from "../../bytes/text.js";
import { setKey } from "../../schema/keys.js";
import { bare, type KnownMap } from "../../schema/known.js";
import { unmarkNil } from "../../schema/nil.js";
import { at, fail, keyText as shownKey } from "../failure.js";
import type { DecodeState } from "./decode-state.js";
import { KeyIdentity, keyTextOf } from "./key-identity.js";
import { partCost } from "./part-cost.js";
import type { Read, ValueDecoder } from "./value-decoder.js";

/**
 * [GOB-19] [GOB-24] A Go map. Its entries are added to a map given to merge into, and replace those with equal keys.
 * Of equal keys in the message the last one wins.
 */
export function mapReader(schema: KnownMap, key: ValueDecoder, elem: ValueDecoder): Read {
  const isMap = schema.form === "map";
  const isText = bare(schema.key).kind === "string";
  const keyText = keyTextOf(schema.key);
  const isMarshaler = bare(schema.key).kind === "marshaler";
  const each = entryCost(schema, keyText !== undefined);
  return (r, into) => {
    const count = r.uint();
    r.chargeParts(COST.map, count, each);
    const out = (into ?? (isMap ? new Map() : Object.create(null))) as object;
    // A map that is sent is not nil, even if it is empty.
    if (into !== undefined) unmarkNil(out);
    const keys = keyText && new KeyIdentity(keyText, (out as Map<unknown, unknown>).keys());
    let name: unknown;
    let i = 0;
    r.enter();
    try {
      for (; i < count; i++) {
        name = undefined;
        const from = r.pos;
        name = isText ? r.key() : key.read(r, undefined);
        if (keys !== undefined) {
          name = knownKey(keys, name, isMarshaler ? contentText(r, from) : undefined);
        }
        const value = elem.read(r, undefined);
        if (isMap) (out as Map<unknown, unknown>).set(name, value);
        else setKey(out, name as string, value);
      }
    } catch (error) {
      throw at(error, name === undefined ? `[key ${i}]` : `[${shownKey(name)}]`);
    }
    r.depth--;
    return out;
  };
}

/** @param isCompared - whether the keys are kept a second time, to be compared as Go does. */
function entryCost({ form, key, elem }: KnownMap, isCompared: boolean): number {
  const own = form === "map" ? COST.entry : COST.property;
  return own + partCost(key) + partCost(elem) + (isCompared ? 2 * COST.entry + COST.text : 0);
}

function knownKey(keys: KeyIdentity, name: unknown, wireText: string | undefined): unknown {
  return (keys.known(name, wireText) ?? failSame()).key;
}

/** The bytes that a marshaler made, without their count. */
function contentText(r: DecodeState, from: number): string {
  const first = r.bytes[from] as number;
  const start = first < 0x80 ? from + 1 : from + 1 + 0x100 - first;
  return readLatin1(r.bytes, start, r.pos);
}

/** [GOB-38] Two keys are one here. One of the two entries would be lost. */
function failSame(): never {
  const text = "two keys of the map are the same in JavaScript, but not in Go";
  return fail("type-mismatch", `${text}; use map(dynamic(), …) for keys in interfaces`, {
    reason: "keys",
  });
}
