/** Compares contenders with their peers, case by case and round by round. */

import { type Measure, type Row, toRow } from "./rows.js";

/** One row of the result: a contender and the peer it is compared with. */
export interface Pair {
  readonly contender: string;
  readonly peer: string;
}

export interface Comparison {
  readonly subject: string;
  readonly case: string;
  readonly measure: Measure;
  readonly pairs: readonly Pair[];
  readonly rounds: number;
  /** Measures one contender or peer once. */
  take(name: string): Promise<number>;
}

/** Runs the comparisons of all cases, one after the other. */
export async function compareEach(
  cases: readonly string[],
  comparison: (name: string) => Comparison,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (const name of cases) rows.push(...(await compare(comparison(name))));
  return rows;
}

/**
 * Runs one case. After a warm-up round, all contenders and peers take turns, in random order within each round.
 * Ratios are taken inside a round, because the machine is noisy.
 */
async function compare(comparison: Comparison): Promise<Row[]> {
  const { subject, case: name, measure, pairs, rounds, take } = comparison;
  const names = new Set(pairs.flatMap(({ contender, peer }) => [contender, peer]));
  const figures = new Map<string, number[]>(Array.from(names, (one) => [one, []]));
  for (let round = -1; round < rounds; round++) {
    for (const one of shuffled([...names])) {
      const figure = await take(one);
      if (round >= 0) figures.get(one)!.push(figure);
    }
  }
  return pairs.map(({ contender, peer }) =>
    toRow(
      { subject, case: name, contender, peer, measure },
      figures.get(contender)!,
      figures.get(peer)!,
    ),
  );
}

function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
