/** The result of a benchmark: one row per case and pair. */

/** One row of a result, in a form for comparing and plotting runs. */
export interface Row {
  readonly subject: string;
  readonly case: string;
  readonly contender: string;
  readonly peer: string;
  readonly measure: Measure;
  readonly better: "lower" | "higher";
  /** Contender over peer: the median of the rounds. `min` and `max` are the spread. */
  readonly ratio: number;
  readonly min: number;
  readonly max: number;
  readonly rounds: number;
  /** The contender's own median, for orientation: microseconds, a count per second, or bytes. */
  readonly value: number;
}

export type Measure = "p50" | "rate" | "bytes";

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

/** The row for the figures of a contender and a peer, given round by round. */
export function toRow(
  facts: Pick<Row, "subject" | "case" | "contender" | "peer" | "measure">,
  own: readonly number[],
  peers: readonly number[],
): Row {
  const ratios = own.map((figure, round) => figure / (peers[round] as number));
  return {
    ...facts,
    better: facts.measure === "rate" ? "higher" : "lower",
    ratio: median(ratios),
    min: Math.min(...ratios),
    max: Math.max(...ratios),
    rounds: own.length,
    value: median(own),
  };
}

/** Formats the rows of a subject as a table for the terminal. */
export function formatTable(rows: readonly Row[]): string {
  const cells = rows.map((row) => [
    row.case,
    `${row.contender} / ${row.peer}`,
    row.measure,
    `${row.ratio.toFixed(2)} (${row.min.toFixed(2)}–${row.max.toFixed(2)})`,
    row.better,
    formatValue(row),
  ]);
  const all = [
    ["case", "contender / peer", "measure", "ratio (spread)", "better", "contender"],
    ...cells,
  ];
  const widths = all[0]!.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function formatValue({ measure, value }: Row): string {
  if (measure === "p50")
    return value < 10_000 ? `${value.toFixed(1)} µs` : `${(value / 1000).toFixed(1)} ms`;
  if (measure === "bytes") return `${(value / 1024).toFixed(0)} KiB`;
  return `${Math.round(value)}/s`;
}
