// Where do all entries of the ledger lead? To the trials, the last evaluation of each, and the models that may run.
import { standardDeviation } from "../core/statistics.js";
import type {
  DemotionEntry,
  Entry,
  EvaluationEntry,
  GateResult,
  PromotionEntry,
  TrialStatistics,
} from "./entries.js";
import { modelName, type Trial, trialKey, trialOfModel } from "./trial.js";

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
  /** Of each, the ways of executing it whose gates were asked. */
  readonly executions: ReadonlyMap<string, ReadonlySet<string>>;
  /** Of each, the Sharpe ratio of daily returns before costs that was measured first; later ones do not move the scatter. */
  readonly sharpes: ReadonlyMap<string, number>;
  /** What may run, and since when. */
  readonly promoted: ReadonlyMap<string, Standing>;
  /** What was promoted once and may not run any more. */
  readonly demoted: ReadonlyMap<string, DemotionEntry>;
  /** Of each model that was set aside, the ways of executing it whose gates were asked; by NAME@version. */
  readonly setAside: ReadonlyMap<string, ReadonlySet<string>>;
}

interface States {
  readonly trials: Map<string, Trial>;
  readonly evaluations: Map<string, EvaluationEntry>;
  readonly executions: Map<string, Set<string>>;
  readonly sharpes: Map<string, number>;
  readonly promoted: Map<string, Standing>;
  readonly demoted: Map<string, DemotionEntry>;
  readonly setAside: Map<string, ReadonlySet<string>>;
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
    executions: new Map(),
    sharpes: new Map(),
    promoted: new Map(),
    demoted: new Map(),
    setAside: new Map(),
  };
  for (const entry of entries) {
    const why = follow(state, entry);
    if (why !== undefined) throw refuse(entry, why);
  }
  return state;
}

/** Gates that a promotion of any model asks for. */
const REQUIRED_GATES: readonly string[] = [
  "label-is-mid",
  "accuracy",
  "calibration-error",
  "sharpe",
  "deflated-sharpe",
  "better-than-majority",
  "brier-skill",
  "data-not-bad",
  "canaries",
];

/** Gates that a promotion asks for; a model that is not the baseline must be better than it, too. */
export function requiredGates(model: string): readonly string[] {
  return model === "logistic" ? REQUIRED_GATES : [...REQUIRED_GATES, "better-than-logistic"];
}

/** What trials are counted and compared by. */
export interface StatisticsOptions {
  /** Ratios before costs that were just measured and are not in the ledger yet, by their trials' keys. */
  readonly own?: ReadonlyMap<string, number>;
  /** Ways of executing that are being evaluated, by their trials' keys. */
  readonly asked?: ReadonlyMap<string, string>;
  /** Of the trials whose scatter counts; all where left out. */
  readonly horizonMinutes?: number;
}

/** True for a gate that is called a pass though its figures are not: not known, or on the wrong side of its limit. */
export function isFalsePass({ verdict, value, margin }: GateResult): boolean {
  return verdict === "pass" && !(Number.isFinite(value) && Number.isFinite(margin) && margin >= 0);
}

/** True when every gate was asked and passed, by its figures too: a list that lacks one passed none. */
export function isPassed(
  { verdict, isVoid, gates }: EvaluationEntry,
  { model }: Pick<Trial, "model">,
): boolean {
  const asked = new Set(gates.map(({ name }) => name));
  const isWhole = requiredGates(model).every((name) => asked.has(name));
  const allPass = gates.every((gate) => gate.verdict === "pass" && !isFalsePass(gate));
  return verdict === "pass" && !isVoid && isWhole && allPass;
}

/**
 * N, and the scatter of the trials' Sharpe ratios before costs, which are known and no luck. Every trial counts in N, and once
 * more for each further way of executing it whose gates were asked: who picks the best one has tried all. The scatter is that of
 * trials of one horizon, where it is named: it is to say how far luck takes such a strategy, and what one of seconds loses to costs
 * says nothing of one of hours.
 *
 * @param options - what is not in the ledger yet, and which trials to compare
 */
export function statisticsOf(
  state: Pick<LedgerState, "trials" | "executions" | "sharpes" | "setAside">,
  { own = new Map(), asked = new Map(), horizonMinutes }: StatisticsOptions = {},
): TrialStatistics {
  const { trials, sharpes } = state;
  const alike = [...trials.values()].filter(
    ({ figures }) => horizonMinutes === undefined || figures["horizonMinutes"] === horizonMinutes,
  );
  const ratios = alike.map(({ key }) => sharpes.get(key) ?? own.get(key) ?? Number.NaN);
  const known = ratios.filter(Number.isFinite);
  return {
    count: triesOf(state, asked),
    sharpeDeviation: standardDeviation(known),
    unknown: alike.length - known.length + lostTrials(state).length,
  };
}

/** Trials, each once for every way of executing it; those that were set aside among them. */
function triesOf(
  state: Pick<LedgerState, "trials" | "executions" | "setAside">,
  asked: ReadonlyMap<string, string> = new Map(),
): number {
  const { trials, executions, setAside } = state;
  let tries = 0;
  for (const [key, trial] of trials) {
    const lost = setAside.get(modelName(trial)) ?? [];
    const ways = new Set([...(executions.get(key) ?? []), ...lost]);
    const way = asked.get(key);
    if (way !== undefined) ways.add(way);
    tries += Math.max(1, ways.size);
  }
  for (const model of lostTrials(state)) tries += Math.max(1, setAside.get(model)!.size);
  return tries;
}

/** Models that were set aside and whose trial no entry holds. */
function lostTrials({
  trials,
  setAside,
}: Pick<LedgerState, "trials" | "setAside">): readonly string[] {
  const known = new Set([...trials.values()].map(modelName));
  return [...setAside.keys()].filter((model) => !known.has(model));
}

/** A trial's first ratio is kept, unless a later evaluation finds that its days are too few to have one. */
function learnRatio(sharpes: Map<string, number>, { key, figures }: EvaluationEntry): void {
  const ratio = figures["grossDailySharpe"];
  if (ratio === undefined) return;
  if (Number.isNaN(ratio)) sharpes.delete(key);
  else if (!sharpes.has(key)) sharpes.set(key, ratio);
}

/** Adds one entry; says why those before it do not allow it, and then adds nothing. */
function follow(state: States, entry: Entry): string | undefined {
  const { trials, evaluations, promoted, demoted, setAside } = state;
  if (entry.kind === "mend") {
    for (const { model, executions } of entry.setAside) {
      setAside.set(model, new Set([...(setAside.get(model) ?? []), ...executions]));
      // What it was found to be last is not known any more; an earlier pass may not stand for it.
      const trial = trialOfModel(trials.values(), model);
      if (trial !== undefined) evaluations.delete(trial.key);
    }
    return undefined;
  }
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
    learnRatio(state.sharpes, entry);
    if (entry.gates.length > 0) {
      const ways = state.executions.get(entry.key) ?? new Set<string>();
      state.executions.set(entry.key, ways.add(entry.execution));
    }
    return undefined;
  }
  const last = evaluations.get(entry.key);
  const isAllowed =
    last !== undefined &&
    last.evaluation === entry.evaluation &&
    isPassed(last, trial) &&
    last.trials.count === triesOf(state);
  if (!isAllowed) return "promotes what the last evaluation before it does not allow";
  promoted.set(entry.key, { promotion: entry, evaluation: last });
  demoted.delete(entry.key);
  return undefined;
}
