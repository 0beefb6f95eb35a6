import { HOUR_US } from "../core/time.js";
import type { Dataset } from "../dataset/matrix.js";
import { hits, majorityRate } from "./accuracy.js";
import { type BlockBootstrapOptions, blockBootstrap, type Uncertainty } from "./block-bootstrap.js";

/** Accuracy of a part of the test rows beside the part's own base rate. */
export interface GroupAccuracy {
  readonly group: string;
  readonly rows: number;
  readonly accuracy: Uncertainty;
  readonly majorityRate: number;
}

/** Test rows with what was said of them. */
export interface Predicted {
  readonly rows: Uint32Array;
  readonly probability: Float64Array;
}

/** Accuracy by symbol. */
export function accuracyBySymbol(
  dataset: Dataset,
  predicted: Predicted,
  options: BlockBootstrapOptions,
): readonly GroupAccuracy[] {
  return dataset.symbols.map((symbol, s) =>
    groupAccuracy(dataset, predicted, symbol, (row) => dataset.symbolIndex[row] === s, options),
  );
}

/** Accuracy by hour of the day, UTC. */
export function accuracyByHour(
  dataset: Dataset,
  predicted: Predicted,
  options: BlockBootstrapOptions,
): readonly GroupAccuracy[] {
  const hourOf = (row: number): number =>
    Math.floor((dataset.barEndUs[row]! - dataset.barUs) / HOUR_US) % 24;
  return Array.from({ length: 24 }, (_, hour) =>
    groupAccuracy(dataset, predicted, `${hour}`, (row) => hourOf(row) === hour, options),
  );
}

function groupAccuracy(
  dataset: Dataset,
  { rows, probability }: Predicted,
  group: string,
  isIn: (row: number) => boolean,
  options: BlockBootstrapOptions,
): GroupAccuracy {
  const chosen = Array.from(rows, (row, i) => ({ row, p: probability[i]! })).filter(({ row }) =>
    isIn(row),
  );
  const outcome = Float64Array.from(chosen, ({ row }) => dataset.outcome[row]!);
  const hit = hits(
    chosen.map(({ p }) => p),
    outcome,
  );
  const times = Float64Array.from(chosen, ({ row }) => dataset.barEndUs[row]!);
  const statistic = (part: Uint32Array): { accuracy: number } => {
    let sum = 0;
    for (const i of part) sum += hit[i]!;
    return { accuracy: sum / part.length };
  };
  const { accuracy } = blockBootstrap(times, statistic, { ...options, replicates: 100 });
  return { group, rows: chosen.length, accuracy, majorityRate: majorityRate(outcome) };
}
