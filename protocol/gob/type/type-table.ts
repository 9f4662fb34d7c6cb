/** The types of one stream coming in, by id. */
import { BASIC_TYPES, FIRST_USER_ID, type WireType } from "./wire-type.js";

const MAX_ID = 2 ** 31 - 1;

/**
 * The types that a peer has defined on a stream. Definitions in the middle of a value are taken back when the
 * decoder has to start that value again: reading them a second time must not be an error.
 */
export class TypeTable {
  readonly #types = new Map<number, WireType>();
  /** The ids defined since the mark, with the types that they had before. */
  readonly #sinceMark: (readonly [id: number, before: WireType | undefined])[] = [];

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

  /** [GOB-9] Whether `id` is one that a peer may define. */
  isUserId(id: number): boolean {
    return id >= FIRST_USER_ID && id <= MAX_ID;
  }

  /** Adds a definition. It takes the place of an earlier one with the same id. */
  add(type: WireType): void {
    this.#sinceMark.push([type.id, this.#types.get(type.id)]);
    this.#types.set(type.id, type);
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
    for (const [id, before] of this.#sinceMark.reverse()) {
      if (before === undefined) this.#types.delete(id);
      else this.#types.set(id, before);
    }
    this.#sinceMark.length = 0;
  }
}
