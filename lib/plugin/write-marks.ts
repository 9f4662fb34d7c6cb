/** The callbacks of writes, in order. */

/** A callback of a write, as Node calls it: with an error if the bytes were lost. */
export type WriteDone = (error?: Error) => void;

/** `done` waits until all bytes before `at` have left. */
interface Mark {
  readonly at: number;
  readonly done: WriteDone;
}

/** Spent marks are dropped together, at least this many, because that moves all others. */
const COMPACT_AT = 1024;

/** Callbacks wait here for their bytes. Each is called once, in order, on a tick of its own: it may throw. */
export class WriteMarks {
  #marks: Mark[] = [];
  /** The index of the first mark that is not spent. */
  #head = 0;

  /** @param at - how many bytes were written up to and with this write; not less than in the call before. */
  add(at: number, done: WriteDone): void {
    this.#marks.push({ at, done });
  }

  /** Whether a callback waits for no more than the first `at` bytes. */
  isDue(at: number): boolean {
    const first = this.#marks[this.#head];
    return first !== undefined && first.at <= at;
  }

  /** The first `at` bytes have left, or are lost. */
  settle(at: number, error?: Error): void {
    while (this.isDue(at)) {
      process.nextTick(this.#marks[this.#head]!.done, error);
      this.#head += 1;
    }
    if (this.#head < COMPACT_AT || this.#head * 2 < this.#marks.length) return;
    this.#marks = this.#marks.slice(this.#head);
    this.#head = 0;
  }
}
