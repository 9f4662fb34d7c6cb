/** Reads the definitions of a peer's types. The twin of `writeDefinition`. */
import { readLatin1 } from "../../bytes/text.js";
import { fail } from "../failure.js";
import { keepDefinition, MAX_TEXT_CHARS, metDefinition } from "../type/known-graphs.js";
import { type Definition, type WireField, type WireKind, wireType } from "../type/wire-type.js";
import { failOutOfBounds } from "./bad-data.js";
import type { Cursor } from "./cursor.js";
import type { DecodeState } from "./decode-state.js";

/** [GOB-10] A definition is a struct with a field for each of these kinds. The one that is present tells the kind. */
const KINDS: readonly WireKind[] = ["array", "slice", "struct", "map", "gob", "binary", "text"];

/** How many fields the struct of each kind has. */
const FIELD_COUNTS: Readonly<Partial<Record<WireKind, number>>> = {
  array: 3,
  slice: 2,
  struct: 2,
  map: 3,
};

/**
 * [GOB-9] Reads the definition of `id` into the types of the stream. The id must be new: after a second definition
 * nobody knows which of the two a value means, and the stream is at its end. [GOB-39] In appended streams it is the
 * definition of another stream, and takes the place of the first.
 *
 * @param isMessage - whether the rest of the message is the definition, as at the top. Then it need not be read if it
 *   came before.
 */
export function readDefinition(r: DecodeState, id: number, isMessage: boolean): void {
  const { types, limits } = r;
  const isKnown = types.get(id) !== undefined;
  if (!types.isUserId(id) || (isKnown && !r.isAppended)) failDuplicate(r);
  if (!isKnown && types.size >= limits.maxTypes) {
    fail("limit", `more types than maxTypes (${limits.maxTypes})`, { offset: r.offset });
  }
  const met = isMessage ? metBefore(r, id) : undefined;
  types.add(wireType(met ?? readNew(r, id), id));
}

/** Goes past a definition that came before on any stream, and returns what it says. */
function metBefore(r: DecodeState, id: number): Definition | undefined {
  if (r.end - r.pos > MAX_TEXT_CHARS) return undefined;
  const met = metDefinition(textOf(r, id, r.pos, r.end));
  // The limit of this stream may be lower.
  if (met === undefined || (met.fields?.length ?? 0) > r.limits.maxFields) return undefined;
  r.pos = r.end;
  return met;
}

function readNew(r: DecodeState, id: number): Definition {
  const start = r.pos;
  const definition = readWireType(r, id, r.limits.maxFields);
  if (r.pos - start > MAX_TEXT_CHARS) return definition;
  return keepDefinition(textOf(r, id, start, r.pos), definition);
}

const textOf = (r: DecodeState, id: number, start: number, end: number): string =>
  `${id} ${readLatin1(r.bytes, start, end)}`;

function failDuplicate(r: DecodeState): never {
  const text = "gob: duplicate type received";
  fail("corrupt", text, { offset: r.offset, isGoText: true, breaksStream: true });
}

/** [GOB-10] The id inside the definition is ignored. */
function readWireType(c: Cursor, id: number, maxFields: number): Definition {
  let definition: Definition | undefined;
  eachField(c, KINDS.length, (field) => {
    if (definition !== undefined) {
      fail("corrupt", `definition of type ${id} has two kinds`, { offset: c.offset });
    }
    definition = readKind(c, KINDS[field]!, maxFields);
  });
  return definition ?? {};
}

/** The struct of one kind: the name first, then Elem and Len, Key and Elem, or the fields. */
function readKind(c: Cursor, kind: WireKind, maxFields: number): Definition {
  let name = "";
  let fields: readonly WireField[] = [];
  const numbers = [0, 0];
  eachField(c, FIELD_COUNTS[kind] ?? 1, (field) => {
    if (field === 0) name = readNamed(c).name;
    else if (kind === "struct") fields = readFields(c, maxFields);
    else numbers[field - 1] = c.int();
  });
  const [first, second] = numbers as [number, number];
  if (kind === "map") return { kind, name, key: first, elem: second };
  return { kind, name, elem: first, length: second, fields };
}

function readFields(c: Cursor, maxFields: number): WireField[] {
  const count = c.uint();
  if (count > maxFields) {
    fail("limit", `struct of ${count} fields is beyond maxFields (${maxFields})`, {
      offset: c.offset,
    });
  }
  const fields: WireField[] = [];
  for (let i = 0; i < count; i++) fields.push(readNamed(c));
  return fields;
}

/** Go's CommonType and fieldType have the same form: a name and an id. */
function readNamed(c: Cursor): WireField {
  let name = "";
  let id = 0;
  eachField(c, 2, (field) => {
    if (field === 0) name = c.string();
    else id = c.int();
  });
  return { name, id };
}

/** [GOB-13] Walks a struct of `count` fields: `read` is called for each one that is present. */
function eachField(c: Cursor, count: number, read: (field: number) => void): void {
  let field = -1;
  for (;;) {
    const delta = c.uint();
    if (delta === 0) return;
    field += delta;
    if (field >= count) failOutOfBounds(c);
    read(field);
  }
}
