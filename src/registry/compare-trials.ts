// What was different about these trials, and what came of it?
import type { LedgerState } from "./ledger-state.js";
import { modelName, type Trial } from "./trial.js";
import { trialFacts } from "./trial-facts.js";
import { verdictWords } from "./verdict-words.js";

/** A trial with what its bundle says of the data, where that can be read. */
export interface ComparedTrial {
  readonly trial: Trial;
  readonly content: Readonly<Record<string, unknown>> | undefined;
}

/** One thing that is not the same in all of the trials; a value for each. */
export interface Difference {
  readonly what: string;
  readonly values: readonly string[];
}

/** A figure side by side; NaN where a trial does not have it. */
export interface ComparedFigure {
  readonly name: string;
  readonly values: readonly number[];
}

/** Trials side by side. */
export interface TrialComparison {
  readonly trials: readonly string[];
  readonly differences: readonly Difference[];
  readonly figures: readonly ComparedFigure[];
  /** How each was judged last, in words. */
  readonly verdicts: readonly string[];
}

/** What a bundle says of the data that is worth telling apart. */
const DATA_FACTS: readonly string[] = [
  "exchange",
  "symbols",
  "from",
  "to",
  "barUs",
  "horizonBars",
  "latencyUs",
  "labelKind",
  "labelRule",
  "folds",
  "featureNames",
  "catalogueHash",
];

/**
 * Puts trials side by side: what differs in data, code, settings, seed and backend, and all figures, those of the last
 * evaluation before those of the fit.
 */
export function compareTrials(
  compared: readonly ComparedTrial[],
  { evaluations }: Pick<LedgerState, "evaluations">,
): TrialComparison {
  const sides = compared.map(({ trial, content }) => sideOf(trial, content));
  const measured = compared.map(({ trial: { key, figures } }) => {
    return { ...figures, ...evaluations.get(key)?.figures };
  });
  return {
    trials: compared.map(({ trial }) => modelName(trial)),
    differences: names(sides)
      .map((what) => ({ what, values: sides.map((side) => side[what] ?? "—") }))
      .filter(({ values }) => new Set(values).size > 1)
      .map(featuresApart),
    figures: names(measured).map((name) => {
      return { name, values: measured.map((figures) => figures[name] ?? Number.NaN) };
    }),
    verdicts: compared.map(({ trial }) => verdictWords(evaluations.get(trial.key))),
  };
}

function sideOf(trial: Trial, content: ComparedTrial["content"]): Record<string, string> {
  const { model, data, code, settings, seed, backend } = trial;
  const { source, window } = trialFacts(content);
  const said = { source, ...content, window };
  const facts = ["source", ...DATA_FACTS, "window"].flatMap((name) => {
    const value = (said as Readonly<Record<string, unknown>>)[name];
    return value === undefined ? [] : [[name, textOf(value)]];
  });
  const chosen = Object.entries(settings).map(([name, value]) => [
    `setting ${name}`,
    textOf(value),
  ]);
  return {
    model,
    data: data.slice(0, 12),
    ...Object.fromEntries(facts),
    code: code.slice(0, 12),
    ...Object.fromEntries(chosen),
    seed: String(seed),
    backend,
  };
}

/** Lists of features are long: each trial is told by what it has and not all of the others do. */
function featuresApart({ what, values }: Difference): Difference {
  if (what !== "featureNames") return { what, values };
  const lists = values.map((value) => value.split(", "));
  const others = lists.map((list) =>
    list.filter((name) => lists.some((other) => !other.includes(name))),
  );
  return {
    what: "features",
    values: lists.map((list, i) => {
      const own = others[i]!;
      return own.length === 0 ? `${list.length}` : `${list.length}, with ${own.join(", ")}`;
    }),
  };
}

/** Names in the order in which they are first met. */
function names(records: readonly object[]): readonly string[] {
  return [...new Set(records.flatMap((record) => Object.keys(record)))];
}

/**
 * Lists and fields one after the other: `triple-barrier, deviations 1, volatilityBars 60` for a rule of labels; members of an
 * ensemble by their names, whose versions stand for all else.
 */
function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join(", ");
  if (typeof value === "object" && value !== null && "kind" in value) {
    const { kind, ...rest } = value;
    return [
      textOf(kind),
      ...Object.entries(rest).map(([name, one]) => `${name} ${textOf(one)}`),
    ].join(", ");
  }
  if (typeof value === "object" && value !== null && "name" in value) return textOf(value.name);
  return typeof value === "string" ? value : JSON.stringify(value);
}
