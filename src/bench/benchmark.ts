/** One figure of a benchmark, beside its rival's. */
export interface BenchResult {
  /** What is measured, and on how much. */
  readonly what: string;
  readonly unit: string;
  /** Best of all runs, which is the least of times; null where it could not be measured. */
  readonly ours: number | null;
  /** The rival's least; null where there is none, or it is missing. */
  readonly rival: number | null;
  /** ours / rival; null where there is no rival. */
  readonly ratio: number | null;
  /** What the ratio may be at most, or `ours` itself where there is no rival; null: for information. */
  readonly bar: number | null;
  /** True where `bar` is what `ours` must be at least. */
  readonly isLeast?: true;
  /** What is aimed at beyond the bar. */
  readonly aim?: number;
  /** False where the bar is missed, the rival is missing, or what was made is wrong. */
  readonly ok: boolean;
  /** Why a figure is missing, or what else to know. */
  readonly note?: string;
  /** Every run in the order of the rounds, by contestant. */
  readonly runs?: Readonly<Record<string, readonly number[]>>;
}

/** What a benchmark found. */
export interface BenchReport {
  readonly results: readonly BenchResult[];
  /** Input, machine and versions, by name. */
  readonly facts: Readonly<Record<string, string>>;
}

/** How a benchmark is run. */
export interface BenchOptions {
  /** The same seed makes the same input and the same order of runs. */
  readonly seed: number;
  /** The full counts, in place of those that end within 12 minutes on two cores. */
  readonly isFull: boolean;
  /** Rows of the input, in place of the benchmark's own count. */
  readonly rows?: number;
  /** Rounds, in place of the benchmark's own count. */
  readonly rounds?: number;
  /** A vendor file to measure on, in place of a made one. */
  readonly input?: string;
  /** Folder of all that is kept between runs: inputs and rivals. */
  readonly cache: string;
  /** Empty folder for this run alone; the caller removes it. */
  readonly folder: string;
  /** Project whose `tools/tickbook.js` and `dist/` are measured. */
  readonly root: string;
  /** False leaves out the rivals that would have to be installed: they count as missing. */
  readonly mayInstall: boolean;
  /** One line for people that stays, before something that takes long or much. */
  readonly say: (line: string) => void;
  /** One line on what is being done. */
  readonly onProgress: (done: number, total: number, what: string) => void;
}

/** Measures one part of the workbench beside what others use for the same work. */
export interface Benchmark {
  /** Name to choose it by. */
  readonly name: string;
  /** What it measures, in half a sentence. */
  readonly about: string;
  /** Fewest rows of an input that it can measure on; default 1. */
  readonly leastRows?: number;
  /** True where it is not measured on rows, so that `rows` would be left unheard. */
  readonly hasNoRows?: true;
  /** True where it can measure on a vendor file; others make their own input. */
  readonly takesInput?: true;
  readonly run: (options: BenchOptions) => Promise<BenchReport>;
}
