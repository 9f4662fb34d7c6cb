/** The types of one stream coming in, by id. */
import { BASIC_TYPES, FIRST_USER_ID, type WireType } from "./wire-type.js";

const MAX_ID = 2 ** 31 - 1;

/**
 * The types that a peer has defined on a stream. Definitions in the middle of a value are taken back when the
 * decoder has to start that value again: reading them a second time must not be an error.
 */
export class TypeTable {
  readonly #types = new Map<number, WireType>();
  readonly #sinceMark: number[] = [];

  /** How many types the peer has defined. */
  get size(): number {
    return this.#types.size;
  }

  /** Every definition of the stream, in order of arrival. */
  get definitions(): Iterable<WireType> {
    return this.#types.values();
  }

  /** Undefined for an id that was not defined, which is an error only where a value needs it. */
  get(id: number): WireType | undefined {
    return id < FIRST_USER_ID ? BASIC_TYPES.get(id) : this.#types.get(id);
  }

  /** [GOB-9] Whether a peer may define `id` now: it is a user's id, and new. */
  isFree(id: number): boolean {
    return id >= FIRST_USER_ID && id <= MAX_ID && !this.#types.has(id);
  }

  /** Adds a definition. */
  add(type: WireType): void {
    this.#types.set(type.id, type);
    this.#sinceMark.push(type.id);
  }

  /** Puts an equal type of another stream in the place of one that was added. */
  replace(type: WireType): void {
    this.#types.set(type.id, type);
  }

  /** Remembers this moment for {@link rollback}. */
  mark(): void {
    // The list is nearly always empty, and setting a length costs more than reading it.
    if (this.#sinceMark.length > 0) this.#sinceMark.length = 0;
  }

  /** Forgets the definitions since the mark, so that the same bytes can be read again. */
  rollback(): void {
    for (const id of this.#sinceMark) this.#types.delete(id);
    this.#sinceMark.length = 0;
  }
}
