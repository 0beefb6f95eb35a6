// By what can trials be chosen, and what is there to choose among?
import { OptionError } from "../core/errors.js";
import { HOUR_US, MINUTE_US, SECOND_US } from "../core/time.js";
import type { Trial } from "../registry/trial.js";
import type { TrialFacts } from "../registry/trial-facts.js";
import { horizonText } from "../reporting/horizon-text.js";

const LONGEST_LIST = 20;

/** Options that choose trials by one thing each. */
export interface ChoiceFlags {
  readonly model?: string;
  readonly dataHash?: string;
  readonly symbol?: string;
  readonly source?: string;
  readonly label?: string;
  readonly horizon?: string;
}

/** What a choice looks at. */
export interface KnownTrial {
  readonly trial: Trial;
  readonly facts: TrialFacts;
}

interface Choice {
  readonly flag: string;
  /** What is counted where nothing fits: `model logistic (2)`. */
  readonly noun: string;
  /** What was asked for, before its value. */
  readonly said: string;
  /** Values of a trial; none where they are not known. */
  readonly valuesOf: (trial: KnownTrial) => readonly string[];
  /** Default: it is the value. */
  readonly fits?: (asked: string, value: string, trial: KnownTrial) => boolean;
}

/** Each by the name of its option. */
const CHOICES: Readonly<Record<keyof ChoiceFlags, Choice>> = {
  model: {
    ...{ flag: "--model", noun: "model", said: "of model" },
    valuesOf: ({ trial }) => [trial.model],
  },
  dataHash: {
    ...{ flag: "--data-hash", noun: "data", said: "on data" },
    valuesOf: ({ trial }) => [shortData(trial)],
    fits: (asked, _value, { trial }) => asked !== "" && trial.data.startsWith(asked),
  },
  symbol: {
    ...{ flag: "--symbol", noun: "symbol", said: "of symbol" },
    valuesOf: ({ facts }) => facts.symbols ?? [],
  },
  source: {
    ...{ flag: "--source", noun: "source", said: "from" },
    valuesOf: ({ facts }) => known(facts.source),
  },
  label: {
    ...{ flag: "--label", noun: "label", said: "with label" },
    valuesOf: ({ facts }) => [...known(facts.labelRule?.kind), ...known(facts.labelKind)],
  },
  horizon: {
    ...{ flag: "--horizon", noun: "horizon", said: "over a horizon of" },
    valuesOf: ({ facts }) => known(facts.horizonUs).map(horizonText),
    fits: (asked, value) => horizonUs(asked) === horizonUs(value),
  },
};

/** Names of the options, with what is typed for each. */
export const CHOICE_FLAGS: Readonly<Record<keyof ChoiceFlags, string>> = Object.fromEntries(
  Object.entries(CHOICES).map(([name, { flag }]) => [name, flag]),
) as Record<keyof ChoiceFlags, string>;

/**
 * Whether a trial is what the options ask for.
 *
 * @throws {OptionError} a value that no trial has; names those that there are
 */
export function chosenBy(
  all: readonly KnownTrial[],
  flags: ChoiceFlags,
): (trial: KnownTrial) => boolean {
  const asked = askedOf(flags);
  for (const [choice, value] of asked) requireKnown(choice, value, all);
  return (trial) => asked.every(([choice, value]) => has(choice, value, trial));
}

/** What was asked for, in words. */
export function choiceWords(flags: ChoiceFlags): readonly string[] {
  return askedOf(flags).map(([{ said }, value]) => `${said} ${value}`);
}

/** What there is, and how often each: `model logistic (2), lstm (1)`. */
export function choiceCounts(all: readonly KnownTrial[]): readonly string[] {
  return Object.values(CHOICES).flatMap(({ noun, valuesOf }) => {
    const values = all.flatMap(valuesOf);
    return values.length === 0 ? [] : [`${noun} ${countsOf(values)}`];
  });
}

/** The first digits of the hash of a trial's data and folds. */
export function shortData({ data }: Trial): string {
  return data.slice(0, 12);
}

/** The first of a list; a ledger can hold thousands. */
export function listText(all: readonly string[]): string {
  const more = all.length - LONGEST_LIST;
  return [...all.slice(0, LONGEST_LIST), ...(more > 0 ? [`${more} more`] : [])].join(", ");
}

function askedOf(flags: ChoiceFlags): readonly (readonly [Choice, string])[] {
  return Object.entries(CHOICES).flatMap(([name, choice]): [Choice, string][] => {
    const value = flags[name as keyof ChoiceFlags];
    return value === undefined ? [] : [[choice, value]];
  });
}

function has({ valuesOf, fits = same }: Choice, asked: string, trial: KnownTrial): boolean {
  return valuesOf(trial).some((value) => fits(asked, value, trial));
}

function requireKnown(choice: Choice, asked: string, all: readonly KnownTrial[]): void {
  if (all.length === 0 || all.some((trial) => has(choice, asked, trial))) return;
  const values = [...new Set(all.flatMap(choice.valuesOf))].sort();
  throw new OptionError({
    column: choice.flag,
    message: `was ${JSON.stringify(asked)}, which no trial has`,
    fix: values.length === 0 ? "leave it out" : `use one of ${listText(values)}`,
  });
}

function countsOf(values: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return listText([...counts].sort().map(([value, count]) => `${value} (${count})`));
}

/** A horizon as the listing shows it, or in minutes, which are the bars of `train`: "5 s", "15 min", "15". */
function horizonUs(text: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?) ?(s|min|h)?$/.exec(text) ?? [];
  const unitUs = { s: SECOND_US, min: MINUTE_US, h: HOUR_US }[unit ?? "min"];
  return number === undefined || unitUs === undefined ? Number.NaN : Number(number) * unitUs;
}

function same(asked: string, value: string): boolean {
  return asked === value;
}

function known<Value>(value: Value | undefined): readonly Value[] {
  return value === undefined ? [] : [value];
}
