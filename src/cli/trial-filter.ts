// Which trials of the ledger are shown, and in what order?
import { counted } from "../core/counted.js";
import { OptionError } from "../core/errors.js";
import type { LedgerState } from "../registry/ledger-state.js";
import type { Trial } from "../registry/trial.js";

const LONGEST_LIST = 20;

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
 * @throws {OptionError} a model, data, setting or figure that no trial has, or no entry's number
 */
export function filterTrials(
  all: readonly MeasuredTrial[],
  { model, dataHash, setting = [], since, sort }: TrialFlags,
): readonly MeasuredTrial[] {
  const first = since === undefined ? 1 : entryNumber(since);
  const pairs = setting.map((text) => settingPair(text, all));
  const kinds = kindsOf(all);
  requireKnown("--model", model, kinds, (kind) => kinds.includes(kind));
  requireKnown("--data-hash", dataHash, dataOf(all), (start) =>
    all.some(({ trial }) => trial.data.startsWith(start)),
  );
  const chosen = all.filter(
    ({ trial }) =>
      (model === undefined || trial.model === model) &&
      (dataHash === undefined || trial.data.startsWith(dataHash)) &&
      trial.number >= first &&
      pairs.every(([name, value]) => settingText(trial.settings[name]) === value),
  );
  return sort === undefined ? chosen : sorted(chosen, requireFigure(sort, all));
}

/** What is said when no trial is chosen: what was asked for, and what there is. */
export function nothingChosen(
  all: readonly MeasuredTrial[],
  { model, dataHash, setting = [], since }: TrialFlags,
): string {
  const [first, last] = [all.at(0), all.at(-1)];
  if (first === undefined || last === undefined) {
    return "no trials yet; train a model with `npx tickbook train`";
  }
  const asked = [
    ...(model === undefined ? [] : [`of model ${model}`]),
    ...(dataHash === undefined ? [] : [`on data ${dataHash}`]),
    ...setting.map((text) => `with setting ${text}`),
    ...(since === undefined ? [] : [`from entry ${since} on`]),
  ];
  const models = countsOf(all.map(({ trial }) => trial.model));
  const data = countsOf(all.map(({ trial }) => shortData(trial)));
  return (
    `none of ${counted(all.length, "trial")} is ${asked.join(", ")}; there are: model ${models}; ` +
    `data ${data}; entries ${first.trial.number} to ${last.trial.number}`
  );
}

function requireKnown(
  column: string,
  asked: string | undefined,
  known: readonly string[],
  isKnown: (asked: string) => boolean,
): void {
  if (asked === undefined || known.length === 0 || (asked !== "" && isKnown(asked))) return;
  throw new OptionError({
    column,
    message: `was ${JSON.stringify(asked)}, which no trial has`,
    fix: `use one of ${listText(known)}`,
  });
}

function kindsOf(all: readonly MeasuredTrial[]): readonly string[] {
  return [...new Set(all.map(({ trial }) => trial.model))].sort();
}

function dataOf(all: readonly MeasuredTrial[]): readonly string[] {
  return [...new Set(all.map(({ trial }) => shortData(trial)))].sort();
}

function shortData({ data }: Trial): string {
  return data.slice(0, 12);
}

/** How often each occurs: `logistic (2), lstm (1)`. */
function countsOf(values: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return listText([...counts].sort().map(([value, count]) => `${value} (${count})`));
}

/** The first of a list; a ledger can hold thousands. */
export function listText(all: readonly string[]): string {
  const more = all.length - LONGEST_LIST;
  return [...all.slice(0, LONGEST_LIST), ...(more > 0 ? [`${more} more`] : [])].join(", ");
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
  const values = [...new Set(all.map(({ trial }) => settingText(trial.settings[name])))].sort();
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
function settingText(value: unknown): string {
  if (value === undefined) return "absent";
  return typeof value === "string" ? value : JSON.stringify(value);
}
