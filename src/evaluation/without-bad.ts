import { majorityRate } from "./accuracy.js";
import type { ExecutionRequest } from "./evaluate-model.js";
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
    readonly execution: ExecutionRequest;
  },
  all: Pick<WithoutBad, "metrics" | "backtest">,
): WithoutBad {
  const { dataset, execution, bootstrap } = request;
  const kept = Uint32Array.from(request.rows.keys()).filter(
    (i) => dataset.isBad[request.rows[i]!] === 0,
  );
  const rows = Uint32Array.from(kept, (i) => request.rows[i]!);
  const facts = {
    rows: rows.length,
    majorityRate: majorityRate(Float64Array.from(rows, (row) => dataset.outcome[row]!)),
  };
  if (rows.length === request.rows.length) return { ...facts, ...all };
  const at = (values: Float64Array): Float64Array => Float64Array.from(kept, (i) => values[i]!);
  const probability = at(request.probability);
  const { metrics } = measure({
    dataset,
    rows,
    probability,
    bootstrap,
    ...(request.baseline === undefined ? {} : { baseline: at(request.baseline) }),
  });
  const traded = tradedLadder({ ...request, rows, probability }, execution);
  const { rungs } = judgedLadder(traded, bootstrap);
  return { ...facts, metrics, backtest: { costs: execution.costs, ...rungs.at(-1)! } };
}
