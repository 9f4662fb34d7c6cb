/** Names that are nearly the same: one is probably a misspelling of the other. */

/** The one of `others` that is the nearest to `name`. Undefined if none is near. */
export function nearName(name: string, others: readonly string[]): string | undefined {
  let nearest: string | undefined;
  let least = Math.max(1, Math.ceil(name.length / 3)) + 1;
  for (const other of others) {
    // The difference of the lengths is the least that two names can differ by.
    if (Math.abs(other.length - name.length) >= least) continue;
    const edits = distance(name.toLowerCase(), other.toLowerCase());
    if (edits < least) [nearest, least] = [other, edits];
  }
  return nearest;
}

/** How many letters have to be put in, taken out or replaced (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}
