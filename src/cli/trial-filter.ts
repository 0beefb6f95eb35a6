// Which trials of the ledger are shown, and in what order?
import { counted } from "../core/counted.js";
import { OptionError } from "../core/errors.js";
import type { LedgerState } from "../registry/ledger-state.js";
import { settingText } from "../registry/setting-text.js";
import { readTrialFacts } from "../registry/trial-facts.js";
import {
  type ChoiceFlags,
  choiceCounts,
  choiceWords,
  chosenBy,
  type KnownTrial,
  listText,
} from "./trial-choices.js";

/** Options that choose trials. */
export interface TrialFlags extends ChoiceFlags {
  readonly setting?: readonly string[];
  readonly since?: string;
  readonly sort?: string;
}

/** A trial with all its figures: those of its last evaluation before those of the fit. */
export interface MeasuredTrial extends KnownTrial {
  readonly figures: Readonly<Record<string, number>>;
}

/**
 * Trials with all their figures and what their bundles say of the data, in the order of the ledger.
 *
 * @param root - of the store
 */
export async function measuredTrials(
  root: string,
  { trials, evaluations }: LedgerState,
): Promise<readonly MeasuredTrial[]> {
  const measured: MeasuredTrial[] = [];
  for (const trial of trials.values()) {
    const facts = await readTrialFacts(root, trial);
    const figures = { ...trial.figures, ...evaluations.get(trial.key)?.figures };
    measured.push({ trial, facts, figures });
  }
  return measured;
}

/**
 * The trials that options choose, in the order they ask for.
 *
 * @throws {OptionError} a model, data, setting or figure that no trial has, or no entry's number
 */
export function filterTrials(
  all: readonly MeasuredTrial[],
  { setting = [], since, sort, ...choices }: TrialFlags,
): readonly MeasuredTrial[] {
  const first = since === undefined ? 1 : entryNumber(since);
  const pairs = setting.map((text) => settingPair(text, all));
  const isChosen = chosenBy(all, choices);
  const chosen = all.filter(
    (one) =>
      isChosen(one) &&
      one.trial.number >= first &&
      pairs.every(([name, value]) => textOfSetting(one.trial.settings[name]) === value),
  );
  return sort === undefined ? chosen : sorted(chosen, requireFigure(sort, all));
}

/** What is said when no trial is chosen: what was asked for, and what there is. */
export function nothingChosen(
  all: readonly MeasuredTrial[],
  { setting = [], since, ...choices }: TrialFlags,
): string {
  const [first, last] = [all.at(0), all.at(-1)];
  if (first === undefined || last === undefined) {
    return "no trials yet; train a model with `npx tickbook train`";
  }
  const asked = [
    ...choiceWords(choices),
    ...setting.map((text) => `with setting ${text}`),
    ...(since === undefined ? [] : [`from entry ${since} on`]),
  ];
  const there = [...choiceCounts(all), `entries ${first.trial.number} to ${last.trial.number}`];
  return `none of ${counted(all.length, "trial")} is ${asked.join(", ")}; there are: ${there.join("; ")}`;
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
  const [name, value] = [text.slice(0, Math.max(0, at)), text.slice(at + 1)];
  const known = [...new Set(all.flatMap(({ trial }) => Object.keys(trial.settings)))].sort();
  if (at < 1 || (known.length > 0 && !known.includes(name))) {
    throw new OptionError({
      column: "--setting",
      message:
        at > 0
          ? `named ${JSON.stringify(name)}, a setting that no trial has`
          : `was ${JSON.stringify(text)}, expected key=value`,
      fix: known.length === 0 ? "train a model first" : `use one of ${known.join(", ")}`,
    });
  }
  const values = [...new Set(all.map(({ trial }) => textOfSetting(trial.settings[name])))].sort();
  if (values.length === 0 || values.includes(value)) return [name, value];
  throw new OptionError({
    column: "--setting",
    message: `was ${JSON.stringify(text)}, a value that no trial has`,
    fix: `use one of ${listText(values)}`,
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

/** A setting that a trial does not have is "absent". */
function textOfSetting(value: unknown): string {
  return value === undefined ? "absent" : settingText(value);
}
