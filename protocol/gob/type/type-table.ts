import type { Reader } from "../decode/reader.js";
import { fail } from "../failure.js";
import { BASIC_TYPES, FIRST_USER_ID, readWireType, type WireType } from "./wire-type.js";

const MAX_ID = 2 ** 31 - 1;

/** The types of one stream. Definitions made since {@link mark} can be taken back. */
export class TypeTable {
  readonly #types = new Map<number, WireType>();
  readonly #maxTypes: number;
  readonly #maxFields: number;
  readonly #sinceMark: number[] = [];

  constructor(maxTypes: number, maxFields: number) {
    this.#maxTypes = maxTypes;
    this.#maxFields = maxFields;
  }

  /** Every definition of the stream, in order of arrival. */
  get definitions(): Iterable<WireType> {
    return this.#types.values();
  }

  /** `undefined` for an id that was not defined, which is an error only where it is used. */
  get(id: number): WireType | undefined {
    return id < FIRST_USER_ID ? BASIC_TYPES.get(id) : this.#types.get(id);
  }

  /** [GOB-9] Reads the definition of `id`, which must be new. */
  readDefinition(r: Reader, id: number): void {
    if (id < FIRST_USER_ID || id > MAX_ID || this.#types.has(id)) {
      const offset = r.offset;
      fail("corrupt", "gob: duplicate type received", { offset, isGoText: true });
    }
    if (this.#types.size >= this.#maxTypes) {
      fail("limit", `more types than maxTypes (${this.#maxTypes})`, { offset: r.offset });
    }
    this.#types.set(id, readWireType(r, id, this.#maxFields));
    this.#sinceMark.push(id);
  }

  mark(): void {
    // Seldom anything to forget, and setting a length costs more than asking for it.
    if (this.#sinceMark.length > 0) this.#sinceMark.length = 0;
  }

  /** Forgets what was defined since the mark, so that the same bytes can be read again. */
  rollback(): void {
    for (const id of this.#sinceMark) this.#types.delete(id);
    this.#sinceMark.length = 0;
  }
}
