/** What the subjects of the benchmarks have in common: `run.ts` calls each by this form. */
import type { Row } from "./rows.js";

/** What the command line asks for. */
export interface SubjectOptions {
  readonly rounds: number;
  /** Whether `--case` asks for this case. */
  wants(name: string): boolean;
}

/** Measures the wanted cases. */
export type Subject = (options: SubjectOptions) => Promise<Row[]>;
