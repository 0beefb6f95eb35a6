// How far do trials scatter? By horizon: a Sharpe ratio is deflated with the scatter of trials of its own.
import { counted } from "../core/counted.js";
import { MINUTE_US } from "../core/time.js";
import type { TrialStatistics } from "../registry/entries.js";
import { type LedgerState, statisticsOf } from "../registry/ledger-state.js";
import { horizonText } from "../reporting/horizon-text.js";

/** How far the Sharpe ratios of trials of one horizon scatter, which is what theirs are deflated with. */
export interface HorizonScatter extends Omit<TrialStatistics, "count"> {
  /** Undefined of trials of which the ledger does not know it: these are held against all. */
  readonly horizonMinutes: number | undefined;
  readonly trials: number;
}

/** Of every horizon that the ledger has trials of, the shortest first. */
export function scatterByHorizon(state: LedgerState): readonly HorizonScatter[] {
  const horizons = [...state.trials.values()].map(({ figures }) => figures["horizonMinutes"]);
  return [...new Set(horizons)]
    .sort((a, b) => (a ?? 0) - (b ?? 0))
    .map((horizonMinutes) => {
      const like = horizonMinutes === undefined ? {} : { horizonMinutes };
      const { sharpeDeviation, unknown } = statisticsOf(state, like);
      const trials = horizons.filter((other) => other === horizonMinutes).length;
      return { horizonMinutes, trials, sharpeDeviation, unknown };
    });
}

/** The same as a line. */
export function scatterLine({ horizonMinutes, trials, ...scatter }: HorizonScatter): string {
  const { sharpeDeviation, unknown } = scatter;
  const which =
    horizonMinutes === undefined
      ? `${counted(trials, "trial")} of no known horizon, held against all`
      : `${counted(trials, "trial")} over ${horizonText(Math.round(horizonMinutes * MINUTE_US))}`;
  return Number.isNaN(sharpeDeviation)
    ? `${which}: daily Sharpe ratios before costs are not known of two yet`
    : `${which}: daily Sharpe ratios before costs scatter by ${sharpeDeviation.toFixed(4)}, ${unknown} unknown`;
}
