import { majorityRate } from "./accuracy.js";
import type { ExecutionRequest } from "./evaluate-model.js";
import type { Predicted } from "./group-accuracy.js";
import { type MeasuredRows, type Metrics, measure } from "./measure.js";
import { tradedLadder } from "./traded-ladder.js";
import { type JudgedBacktest, judgedLadder } from "./trading-intervals.js";

/** The main figures of a model on the test rows that lie in no bad hour. */
export interface WithoutBad {
  readonly rows: number;
  readonly majorityRate: number;
  readonly metrics: Metrics;
  /** Nothing is decided in a bad hour: a position is carried through it, from the last price before to the first after. */
  readonly backtest: JudgedBacktest;
}

/**
 * Measures and trades the rows outside bad hours.
 *
 * @param all - the figures of all rows, which these are where no hour is bad
 */
export function withoutBad(
  request: MeasuredRows & {
    readonly isActedOn?: Uint8Array;
    readonly traded: Predicted;
    readonly execution: ExecutionRequest;
  },
  all: Pick<WithoutBad, "metrics" | "backtest">,
): WithoutBad {
  const { dataset, bootstrap } = request;
  const kept = outsideBad(dataset, request.rows);
  const rows = Uint32Array.from(kept, (i) => request.rows[i]!);
  const backtest = tradedOutsideBad(request, all.backtest);
  const facts = {
    rows: rows.length,
    majorityRate: majorityRate(Float64Array.from(rows, (row) => dataset.outcome[row]!)),
  };
  if (rows.length === request.rows.length) return { ...facts, metrics: all.metrics, backtest };
  const at = (values: Float64Array): Float64Array => Float64Array.from(kept, (i) => values[i]!);
  const probability = at(request.probability);
  const { metrics } = measure({
    dataset,
    rows,
    probability,
    bootstrap,
    ...(request.baseline === undefined ? {} : { baseline: at(request.baseline) }),
  });
  return { ...facts, metrics, backtest };
}

function tradedOutsideBad(
  request: Parameters<typeof withoutBad>[0],
  all: JudgedBacktest,
): JudgedBacktest {
  const { dataset, traded, execution, bootstrap } = request;
  const kept = outsideBad(dataset, traded.rows);
  if (kept.length === traded.rows.length) return all;
  const rows = Uint32Array.from(kept, (i) => traded.rows[i]!);
  const probability = Float64Array.from(kept, (i) => traded.probability[i]!);
  const ladder = tradedLadder({ ...request, rows, probability }, execution);
  const { rungs } = judgedLadder(ladder, bootstrap);
  return { costs: execution.costs, ...rungs.at(-1)! };
}

/** Numbers of the rows that lie in no bad hour. */
function outsideBad({ isBad }: MeasuredRows["dataset"], rows: Uint32Array): Uint32Array {
  return Uint32Array.from(rows.keys()).filter((i) => isBad[rows[i]!] === 0);
}
