// Where do all entries of the ledger lead? To the trials, the last evaluation of each, and the models that may run.
import { standardDeviation } from "../core/statistics.js";
import type {
  DemotionEntry,
  Entry,
  EvaluationEntry,
  PromotionEntry,
  TrialStatistics,
} from "./entries.js";
import { type Trial, trialKey } from "./trial.js";

/** A promotion, and the evaluation that it rests on. */
export interface Standing {
  readonly promotion: PromotionEntry;
  readonly evaluation: EvaluationEntry;
}

/** What holds after all entries; every map is by the trial's key. */
export interface LedgerState {
  readonly trials: ReadonlyMap<string, Trial>;
  /** The last evaluation of each. */
  readonly evaluations: ReadonlyMap<string, EvaluationEntry>;
  /** What may run, and since when. */
  readonly promoted: ReadonlyMap<string, Standing>;
  /** What was promoted once and may not run any more. */
  readonly demoted: ReadonlyMap<string, DemotionEntry>;
}

interface States {
  readonly trials: Map<string, Trial>;
  readonly evaluations: Map<string, EvaluationEntry>;
  readonly promoted: Map<string, Standing>;
  readonly demoted: Map<string, DemotionEntry>;
}

/**
 * Follows the entries from the first to the last.
 *
 * @param refuse - makes the error for an entry that those before it do not allow
 * @throws what `refuse` makes
 */
export function ledgerState(
  entries: readonly Entry[],
  refuse: (entry: Entry, why: string) => Error,
): LedgerState {
  const state: States = {
    trials: new Map(),
    evaluations: new Map(),
    promoted: new Map(),
    demoted: new Map(),
  };
  for (const entry of entries) {
    const why = follow(state, entry);
    if (why !== undefined) throw refuse(entry, why);
  }
  return state;
}

/** True when every gate passed; an evaluation without gates passed none. */
export function isPassed({ verdict, isVoid, gates }: EvaluationEntry): boolean {
  const allPass = gates.length > 0 && gates.every((gate) => gate.verdict === "pass");
  return verdict === "pass" && !isVoid && allPass;
}

/**
 * N, and the scatter of the trials' Sharpe ratios: each from its last evaluation, else from the trial itself. Every trial counts
 * in N. The scatter is that of trials of one horizon, where it is named: it is to say how far luck takes such a strategy, and
 * what one of seconds loses to costs says nothing of one of hours.
 *
 * @param options.own - ratios that were just measured and are not in the ledger yet, by their trials' keys
 * @param options.horizonMinutes - of the trials whose scatter counts; all where left out
 */
export function statisticsOf(
  { trials, evaluations }: Pick<LedgerState, "trials" | "evaluations">,
  {
    own = new Map(),
    horizonMinutes,
  }: { readonly own?: ReadonlyMap<string, number>; readonly horizonMinutes?: number } = {},
): TrialStatistics {
  const alike = [...trials.values()].filter(
    ({ figures }) => horizonMinutes === undefined || figures["horizonMinutes"] === horizonMinutes,
  );
  const ratios = alike.map(
    ({ key, figures }) =>
      own.get(key) ??
      evaluations.get(key)?.figures["dailySharpe"] ??
      figures["dailySharpe"] ??
      Number.NaN,
  );
  const known = ratios.filter(Number.isFinite);
  return {
    count: trials.size,
    sharpeDeviation: standardDeviation(known),
    unknown: alike.length - known.length,
  };
}

/** Adds one entry; says why those before it do not allow it, and then adds nothing. */
function follow(state: States, entry: Entry): string | undefined {
  const { trials, evaluations, promoted, demoted } = state;
  if (entry.kind === "trial") {
    if (trials.has(entry.key)) return "is a trial that an earlier entry holds";
    if (entry.key !== trialKey(entry)) return "has another key than its trial";
    trials.set(entry.key, entry);
    return undefined;
  }
  const trial = trials.get(entry.key);
  if (trial === undefined) return `is a ${entry.kind} of a trial that no earlier entry holds`;
  if (entry.kind === "demotion") {
    if (!promoted.delete(entry.key)) return "demotes what was not promoted";
    demoted.set(entry.key, entry);
    return undefined;
  }
  if (entry.bundle !== trial.bundle) return `is a ${entry.kind} of another bundle than its trial's`;
  if (entry.kind === "evaluation") {
    evaluations.set(entry.key, entry);
    return undefined;
  }
  const last = evaluations.get(entry.key);
  const isAllowed =
    last !== undefined &&
    last.evaluation === entry.evaluation &&
    isPassed(last) &&
    last.trials.count === trials.size;
  if (!isAllowed) return "promotes what the last evaluation before it does not allow";
  promoted.set(entry.key, { promotion: entry, evaluation: last });
  demoted.delete(entry.key);
  return undefined;
}
