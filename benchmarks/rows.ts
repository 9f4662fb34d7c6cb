/** One line of a result, in the form that runs can be compared and plotted by. */
export interface Row {
  readonly subject: string;
  readonly case: string;
  readonly contender: string;
  readonly peer: string;
  readonly measure: "p50" | "rate" | "bytes";
  readonly better: "lower" | "higher";
  /** Contender over peer: the median of the rounds, and their spread. */
  readonly ratio: number;
  readonly min: number;
  readonly max: number;
  readonly rounds: number;
  /** The contender's own figure, for orientation: microseconds, or calls a second. */
  readonly value: number;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

/** A subject's rows as a table for the terminal. */
export function formatTable(rows: readonly Row[]): string {
  const cells = rows.map((row) => [
    row.case,
    `${row.contender} / ${row.peer}`,
    row.measure,
    `${row.ratio.toFixed(2)} (${row.min.toFixed(2)}–${row.max.toFixed(2)})`,
    row.better,
    row.measure === "p50" ? `${row.value.toFixed(1)} µs` : `${Math.round(row.value)}`,
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
