/**
 * The types of peers that were met before, on any stream. Every new stream defines its types anew, and a program opens
 * many streams to one peer. What was compiled for a type hangs on its `WireType`, and so a stream takes over the
 * `WireType`s of an earlier stream that had the same definitions.
 */
import type { TypeTable } from "./type-table.js";
import type { WireType } from "./wire-type.js";

/** Longer definitions are not compared. */
const MAX_TEXT_CHARS = 65_536;
/** Types that refer to more others are not compared. */
const MAX_GRAPH_TYPES = 5000;
/** When so much is kept, all of it is forgotten: a peer can define types without end. */
const MAX_KEPT_CHARS = 4 << 20;
const MAX_KEPT_TYPES = 20_000;

/** Numbers of definitions, by their bytes. Type ids are a part of them. */
const shapes = new Map<string, number>();
/** Types with all that they refer to, by the numbers of their definitions. */
const graphs = new Map<string, readonly WireType[]>();
let keptChars = 0;
let keptTypes = 0;
/** Never used twice, also after everything was forgotten. */
let lastShape = 0;
let lastSettled = 0;

/**
 * The number of a definition. Two definitions have one number if their bytes are the same.
 *
 * @returns 0 for a definition that is too long to be compared.
 */
export function shapeOf(id: number, definition: string): number {
  if (definition.length > MAX_TEXT_CHARS) return 0;
  const text = `${id} ${definition}`;
  let shape = shapes.get(text);
  if (shape === undefined) {
    shape = ++lastShape;
    keptChars += text.length;
    if (keptChars > MAX_KEPT_CHARS) forgetAll(text.length);
    shapes.set(text, shape);
  }
  return shape;
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
  shapes.clear();
  graphs.clear();
  keptChars = chars;
  keptTypes = 0;
}
