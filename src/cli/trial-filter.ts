// Which trials of the ledger are shown, and in what order?
import { OptionError } from "../core/errors.js";
import type { LedgerState } from "../registry/ledger-state.js";
import type { Trial } from "../registry/trial.js";

/** Options that choose trials. */
export interface TrialFlags {
  readonly model?: string;
  readonly dataHash?: string;
  readonly setting?: readonly string[];
  readonly since?: string;
  readonly sort?: string;
}

/** A trial with all its figures: those of its last evaluation before those of the fit. */
export interface MeasuredTrial {
  readonly trial: Trial;
  readonly figures: Readonly<Record<string, number>>;
}

/** Trials with all their figures, in the order of the ledger. */
export function measuredTrials({ trials, evaluations }: LedgerState): readonly MeasuredTrial[] {
  return [...trials.values()].map((trial) => ({
    trial,
    figures: { ...trial.figures, ...evaluations.get(trial.key)?.figures },
  }));
}

/**
 * The trials that options choose, in the order they ask for.
 *
 * @throws {OptionError} a setting or figure that no trial has, or no entry's number
 */
export function filterTrials(
  all: readonly MeasuredTrial[],
  { model, dataHash, setting = [], since, sort }: TrialFlags,
): readonly MeasuredTrial[] {
  const first = since === undefined ? 1 : entryNumber(since);
  const pairs = setting.map((text) => settingPair(text, all));
  const chosen = all.filter(
    ({ trial }) =>
      (model === undefined || trial.model === model) &&
      (dataHash === undefined || trial.data.startsWith(dataHash)) &&
      trial.number >= first &&
      pairs.every(([name, value]) => settingText(trial.settings[name]) === value),
  );
  return sort === undefined ? chosen : sorted(chosen, requireFigure(sort, all));
}

/** Best first, what lacks the figure last: losses and errors are better when lower, all else when higher. */
function sorted(trials: readonly MeasuredTrial[], figure: string): readonly MeasuredTrial[] {
  const sign = /(Loss|Error)$/.test(figure) ? 1 : -1;
  const rank = ({ figures }: MeasuredTrial): number => {
    const value = figures[figure] ?? Number.NaN;
    return Number.isNaN(value) ? Number.POSITIVE_INFINITY : sign * value;
  };
  return [...trials].sort((a, b) => {
    const [left, right] = [rank(a), rank(b)];
    return left === right ? a.trial.number - b.trial.number : left - right;
  });
}

function entryNumber(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new OptionError({
    column: "--since",
    message: `was ${JSON.stringify(text)}, expected the number of an entry`,
    fix: "give for example --since 10",
  });
}

function settingPair(text: string, all: readonly MeasuredTrial[]): readonly [string, string] {
  const at = text.indexOf("=");
  const name = text.slice(0, Math.max(0, at));
  const known = new Set(all.flatMap(({ trial }) => Object.keys(trial.settings)));
  if (at > 0 && (known.has(name) || known.size === 0)) return [name, text.slice(at + 1)];
  throw new OptionError({
    column: "--setting",
    message:
      at > 0
        ? `named ${JSON.stringify(name)}, a setting that no trial has`
        : `was ${JSON.stringify(text)}, expected key=value`,
    fix: known.size === 0 ? "train a model first" : `use one of ${[...known].sort().join(", ")}`,
  });
}

function requireFigure(name: string, all: readonly MeasuredTrial[]): string {
  const known = new Set(all.flatMap(({ figures }) => Object.keys(figures)));
  if (known.has(name) || known.size === 0) return name;
  throw new OptionError({
    column: "--sort",
    message: `was ${JSON.stringify(name)}, a figure that no trial has`,
    fix: `use one of ${[...known].sort().join(", ")}`,
  });
}

function settingText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
