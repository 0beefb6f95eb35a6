// Against how many tries is the best Sharpe ratio held?
import { counted } from "../core/counted.js";
import { FEWEST_SHARPE_DAYS } from "../core/daily-sharpe.js";
import { benchmarkSharpe } from "../evaluation/deflated-sharpe.js";
import type { ExperimentEvaluation } from "../evaluation/evaluate-models.js";
import { readLedger } from "../registry/ledger.js";
import type { Store } from "../store/store.js";
import type { Cell, Table } from "./table.js";
import { TRIES } from "./tries-text.js";

/** Crypto trades every day of the year. */
const DAYS_A_YEAR = 365;

/** Trials of one kind of model in the ledger. */
export interface TrialKind {
  readonly model: string;
  readonly trials: number;
  /** Different data or folds among them. */
  readonly datasets: number;
  /** Annualised Sharpe ratios after costs of those that were traded. */
  readonly sharpes: readonly number[];
}

/**
 * Every trial that was ever recorded in a store, by kind of model, the whole ledger checked.
 *
 * @throws {DataError} the ledger does not hold what was written
 */
export async function trialKinds({ root }: Pick<Store, "root">): Promise<readonly TrialKind[]> {
  const { state } = await readLedger(root);
  const trials = [...state.trials.values()];
  return [...new Set(trials.map(({ model }) => model))].map((model) => {
    const own = trials.filter((trial) => trial.model === model);
    const sharpes = own
      .map(({ key }) => state.evaluations.get(key)?.figures["dailySharpe"] ?? Number.NaN)
      .filter(Number.isFinite)
      .map((daily) => daily * Math.sqrt(DAYS_A_YEAR));
    return {
      model,
      trials: own.length,
      datasets: new Set(own.map(({ data }) => data)).size,
      sharpes,
    };
  });
}

/** The ledger's trials by kind of model. */
export function trialsTable(kinds: readonly TrialKind[]): Table {
  const total = kinds.reduce((sum, { trials }) => sum + trials, 0);
  return {
    caption: `The ${total.toLocaleString("en-US")} trials in the ledger, whatever they were for`,
    columns: [
      { name: "model", kind: "short" },
      { name: "trials" },
      { name: "data and folds" },
      { name: "with a Sharpe" },
      { name: "lowest Sharpe", digits: 1 },
      { name: "highest Sharpe", digits: 1 },
    ],
    rows: kinds.map(({ model, trials, datasets, sharpes }): readonly Cell[] => [
      model,
      trials,
      datasets,
      sharpes.length,
      sharpes.length === 0 ? null : Math.min(...sharpes),
      sharpes.length === 0 ? null : Math.max(...sharpes),
    ]),
  };
}

/** What the words read of a model: the days that it was traded. */
interface TradedModel {
  readonly backtest: { readonly daily: readonly unknown[] };
}

/** In words: how many trials there are, how far they scatter, and what the best of so many shows by luck alone. */
export function trialsFindings({
  trials,
  models,
}: Pick<ExperimentEvaluation, "trials"> & { readonly models: readonly TradedModel[] }): string {
  const { count, unknown } = trials;
  const days = models[0]?.backtest.daily.length ?? 0;
  const open =
    unknown === 0
      ? ""
      : ` Of ${counted(unknown, "trial")}, such as the horizon map's or any of fewer than ${FEWEST_SHARPE_DAYS} days, no Sharpe ratio is known: they count, and do not scatter.`;
  if (count === 1) return `There is **1 try** in the ledger, so nothing was picked.${open}`;
  const best = Math.sqrt(DAYS_A_YEAR) * benchmarkSharpe(trials, days);
  const hurdle = Number.isFinite(best)
    ? `The best of so many without any skill would show an annualised Sharpe ratio of **about ${best.toFixed(1)}**, and the deflated Sharpe ratio is the probability that a model's true one is higher than that.`
    : "How far they scatter is not known, so the deflated Sharpe ratio stays undecided.";
  return `The deflated Sharpe ratio is held against **${counted(count, "try", "tries")}** of the ledger: ${TRIES}. ${hurdle}${open}`;
}
