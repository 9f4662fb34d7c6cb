/**
 * Gives the types of a gob stream other ids. Go up to 1.20 numbers its first type 65, and Go from 1.21 on 64. Nothing else in
 * their streams differs, so one recording shows what both write.
 *
 * Written from spec/gob.md alone: no code of protocol/gob is used, because its output is compared with the result.
 */

/** The first id that a user's type can have [GOB-8]. */
const FIRST_USER_ID = 64;

/** Moves the ids of all users' types up by `by`. Lengths are counted again, as an id may take more bytes than before. */
export function renumber(stream: Uint8Array, by: number): Uint8Array {
  return new Renumberer(new Copier(stream), by).run();
}

/** A run of bytes with its length in front: a message, or a piece of an interface's value. */
interface Chunk {
  /** The position in the original behind the last byte. */
  readonly end: number;
  readonly out: Uint8Array[];
}

/** Copies a stream piece by piece. */
class Copier {
  readonly #in: Uint8Array;
  #pos = 0;
  /** From the outermost, which is the stream, to the one that is being copied. */
  readonly #chunks: Chunk[] = [{ end: Number.POSITIVE_INFINITY, out: [] }];

  constructor(stream: Uint8Array) {
    this.#in = stream;
  }

  get isAtEnd(): boolean {
    return this.#pos === this.#in.length;
  }

  get copied(): Uint8Array {
    return Buffer.concat(this.#chunks[0]!.out);
  }

  copy(length: number): void {
    this.#put(this.#in.subarray(this.#pos, this.#pos + length), length);
  }

  /** An unsigned integer. One that a number cannot hold is copied exactly all the same. */
  copyUint(): number {
    const [value, length] = this.#peekUint();
    this.copy(length);
    return value;
  }

  /** Copies a signed integer as `change` of it, and returns the original. */
  copyInt(change: (value: number) => number): number {
    const [bits, length] = this.#peekUint();
    const value = bits % 2 === 0 ? bits / 2 : -(bits + 1) / 2;
    const changed = change(value);
    this.#put(encodeUint(changed < 0 ? -2 * changed - 1 : 2 * changed), length);
    return value;
  }

  /** Reads a length. Its chunk ends by itself, and only then is the length written. */
  openChunk(): void {
    const [length, taken] = this.#peekUint();
    this.#pos += taken;
    this.#chunks.push({ end: this.#pos + length, out: [] });
  }

  /** [GOB-1] The value, and how many bytes it takes. */
  #peekUint(): [value: number, length: number] {
    const first = this.#in[this.#pos]!;
    if (first < 0x80) return [first, 1];
    const length = 0x100 - first;
    let value = 0;
    for (let i = 1; i <= length; i++) value = value * 0x100 + this.#in[this.#pos + i]!;
    return [value, length + 1];
  }

  /** Puts `bytes` in the place of the next `taken` bytes, and closes the chunks that end there. */
  #put(bytes: Uint8Array, taken: number): void {
    this.#chunks.at(-1)!.out.push(bytes);
    this.#pos += taken;
    while (this.#chunks.at(-1)!.end === this.#pos) {
      const body = Buffer.concat(this.#chunks.pop()!.out);
      this.#chunks.at(-1)!.out.push(encodeUint(body.length), body);
    }
  }
}

/** [GOB-1] One byte up to 127, else the complement of the byte count and the bytes, the highest first. */
function encodeUint(value: number): Uint8Array {
  if (value < 0x80) return Uint8Array.of(value);
  const bytes: number[] = [];
  for (let rest = value; rest > 0; rest = Math.floor(rest / 0x100)) bytes.unshift(rest % 0x100);
  return Uint8Array.of(0x100 - bytes.length, ...bytes);
}

/** Copies one part of a value; what it returns is used in definitions only. */
type Copy = () => unknown;

interface Type {
  readonly isStruct: boolean;
  readonly copy: Copy;
}

/** Follows the values by their types, as the ids can only be found so. */
class Renumberer {
  readonly #stream: Copier;
  readonly #by: number;
  readonly #types = new Map<number, Type>();

  constructor(stream: Copier, by: number) {
    this.#stream = stream;
    this.#by = by;
    // [GOB-8] bool, int, uint, float; bytes, string; complex; interface.
    for (const id of [1, 2, 3, 4]) this.#define(id, this.#uint);
    for (const id of [5, 6]) this.#define(id, this.#bytes);
    this.#define(7, () => [this.#uint(), this.#uint()]);
    this.#define(8, this.#interface);
  }

  run(): Uint8Array {
    while (!this.#stream.isAtEnd) {
      this.#stream.openChunk();
      const id = this.#id();
      if (id < 0) this.#definition(-id);
      else this.#top(id);
    }
    return this.#stream.copied;
  }

  #define(id: number, copy: Copy, isStruct = false): void {
    this.#types.set(id, { isStruct, copy });
  }

  #typeOf(id: number): Type {
    const type = this.#types.get(id);
    if (type === undefined) throw new Error(`no type ${id}`);
    return type;
  }

  readonly #uint = (): number => this.#stream.copyUint();
  readonly #bytes = (): void => this.#stream.copy(this.#uint());
  readonly #id = (): number =>
    this.#stream.copyInt((id) =>
      Math.abs(id) < FIRST_USER_ID ? id : id + Math.sign(id) * this.#by,
    );

  /** [GOB-7] A value at the top or in an interface: all but structs have a zero byte in front. */
  #top(id: number): void {
    const { isStruct, copy } = this.#typeOf(id);
    if (!isStruct) this.#uint();
    copy();
  }

  /** [GOB-13] Returns what the fields' copies returned, by field number. */
  #struct(fields: readonly Copy[]): unknown[] {
    const found: unknown[] = [];
    let field = -1;
    for (let delta = this.#uint(); delta !== 0; delta = this.#uint()) {
      field += delta;
      found[field] = fields[field]!();
    }
    return found;
  }

  /** [GOB-18] */
  #list(elem: Copy): unknown[] {
    return Array.from({ length: this.#uint() }, elem);
  }

  /** [GOB-25] [GOB-26] Each definition ends a chunk, and the value goes on in the next one. */
  readonly #interface = (): void => {
    const nameLength = this.#uint();
    if (nameLength === 0) return;
    this.#stream.copy(nameLength);
    let id = this.#id();
    while (id < 0) {
      this.#definition(-id);
      this.#stream.openChunk();
      id = this.#id();
    }
    this.#stream.openChunk();
    this.#top(id);
  };

  /** [GOB-10] Which of the fields is present says the kind. */
  #definition(id: number): void {
    const common = () => this.#struct([this.#bytes, this.#id]);
    const fieldType = () => this.#struct([this.#bytes, this.#id])[1];
    const marshaler = () => this.#struct([common]);
    const [array, slice, struct, map] = this.#struct([
      () => this.#struct([common, this.#id, this.#uint]),
      () => this.#struct([common, this.#id]),
      () => this.#struct([common, () => this.#list(fieldType)]),
      () => this.#struct([common, this.#id, this.#id]),
      marshaler,
      marshaler,
      marshaler,
    ]) as (unknown[] | undefined)[];
    // Looked up when a value is copied: the parts of a type are defined after it.
    const value = (of: unknown) => this.#typeOf(of as number).copy();
    if (array !== undefined || slice !== undefined) {
      const [, elem] = array ?? slice ?? [];
      this.#define(id, () => this.#list(() => value(elem)));
    } else if (map !== undefined) {
      const [, key, elem] = map;
      this.#define(id, () => this.#list(() => [value(key), value(elem)]));
    } else if (struct !== undefined) {
      const fields = ((struct[1] ?? []) as unknown[]).map((of) => () => value(of));
      this.#define(id, () => this.#struct(fields), true);
    } else this.#define(id, this.#bytes);
  }
}
