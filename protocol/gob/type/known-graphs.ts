/**
 * The types of peers that were met before, on any stream. Every new stream defines its types anew, and a program opens
 * many streams to one peer. What was compiled for a type hangs on its `WireType`, and so a stream takes over the
 * `WireType`s of an earlier stream that had the same definitions.
 */
import type { TypeTable } from "./type-table.js";
import type { Definition, WireType } from "./wire-type.js";

/** Longer definitions are not compared. */
export const MAX_TEXT_CHARS = 65_536;
/** Types that refer to more others are not compared. */
const MAX_GRAPH_TYPES = 5000;
/** When so much is kept, all of it is forgotten: a peer can define types without end. */
const MAX_KEPT_CHARS = 4 << 20;
const MAX_KEPT_TYPES = 20_000;

/** Definitions by their ids and bytes. */
const definitions = new Map<string, Definition>();
/** Types with all that they refer to, by the numbers of their definitions. */
const graphs = new Map<string, readonly WireType[]>();
let keptChars = 0;
let keptTypes = 0;
/** Never used twice, also after everything was forgotten. */
let lastShape = 0;
let lastSettled = 0;

/** What a definition says, if it came before on any stream. @param text - its id and its bytes. */
export const metDefinition = (text: string): Definition | undefined => definitions.get(text);

/**
 * Keeps what a definition says, with a number of its own as `shape`. It gets none if it is too long to be compared.
 */
export function keepDefinition(text: string, definition: Definition): Definition {
  if (text.length > MAX_TEXT_CHARS) return definition;
  const met = definitions.get(text);
  if (met !== undefined) return met;
  const kept = { ...definition, shape: ++lastShape };
  keptChars += text.length;
  if (keptChars > MAX_KEPT_CHARS) forgetAll(text.length);
  definitions.set(text, kept);
  return kept;
}

/**
 * The type to compile for: the one of an earlier stream if that had the same definitions, for this type and for all
 * that it refers to. The table then refers to that stream's types, too. Otherwise `wire` itself, which later streams
 * will find.
 *
 * A type that refers to one that is not defined yet is not compared: what is compiled for it would depend on the rest.
 */
export function settle(types: TypeTable, wire: WireType): WireType {
  if (wire.settled > 0) return wire;
  const found = types.get(wire.id);
  if (found !== undefined && found.settled > 0) return found;
  const open = [wire];
  const key = graphKey(types, open);
  if (key === undefined) return wire;
  const known = graphs.get(key);
  if (known !== undefined) {
    for (const type of known) types.replace(type);
    return known[0] as WireType;
  }
  keptTypes += open.length;
  keptChars += key.length;
  if (keptTypes > MAX_KEPT_TYPES) forgetAll(key.length);
  for (const type of open) type.settled = ++lastSettled;
  graphs.set(key, open);
  return wire;
}

/**
 * The numbers of all definitions that the first type in `open` refers to, in the order in which they are reached. A
 * part that is settled stands for everything below it. `open` gets those that are not.
 */
function graphKey(types: TypeTable, open: WireType[]): string | undefined {
  const seen = new Set(open);
  let key = "";
  // The list grows while it is walked.
  for (const { shape, key: keyId, elem, fields } of open) {
    if (shape === 0 || open.length > MAX_GRAPH_TYPES) return undefined;
    key += `${shape};`;
    for (const id of [keyId, elem, ...fields.map((field) => field.id)]) {
      // An id of 0 means that there is no part.
      if (id === 0) continue;
      const part = types.get(id);
      if (part === undefined) return undefined;
      if (part.settled > 0) key += `=${part.settled};`;
      else if (!seen.has(part)) {
        seen.add(part);
        open.push(part);
      }
    }
  }
  return key;
}

/** @param chars - what is kept from now on. */
function forgetAll(chars: number): void {
  definitions.clear();
  graphs.clear();
  keptChars = chars;
  keptTypes = 0;
}
