import { type Measure, type Row, toRow } from "./rows.js";

/** Who is compared with whom: a row of the result. */
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
  /** One figure of one of them. */
  take(name: string): Promise<number>;
}

/** One comparison after the other. */
export async function compareEach(
  cases: readonly string[],
  comparison: (name: string) => Comparison,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (const name of cases) rows.push(...(await compare(comparison(name))));
  return rows;
}

/**
 * One case: everyone in the pairs takes turns, in random order within a round, after a round that warms up.
 * The machine is noisy, so ratios are taken inside a round.
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
