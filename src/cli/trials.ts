import { counted } from "../core/counted.js";
import { OptionError } from "../core/errors.js";
import { orDamage, readBundleCard } from "../registry/bundles.js";
import { compareTrials, type TrialComparison } from "../registry/compare-trials.js";
import { requireHead } from "../registry/expected-head.js";
import { type Ledger, readLedger } from "../registry/ledger.js";
import { statisticsOf } from "../registry/ledger-state.js";
import { namedTrial, parseModelName } from "../registry/named-trial.js";
import { settingText } from "../registry/setting-text.js";
import { modelName, type Trial, versionOf } from "../registry/trial.js";
import { isSimulated, marksOf, type TrialFacts, trialFacts } from "../registry/trial-facts.js";
import { predictsText } from "../reporting/label-text.js";
import { type Cell, type Table, tableText } from "../reporting/table.js";
import { TRIES } from "../reporting/tries-text.js";
import { requireStoreFolder } from "../store/existing-store.js";
import { type AddCommand, action, type CommandContext } from "./command.js";
import { EXPECT_HEAD, expectedLine, headJson } from "./ledger-head.js";
import { onceEach } from "./once-each.js";
import { CHOICE_FLAGS, listText, shortData } from "./trial-choices.js";
import {
  filterTrials,
  type MeasuredTrial,
  measuredTrials,
  nothingChosen,
  type TrialFlags,
} from "./trial-filter.js";
import { scatterByHorizon, scatterLine } from "./trial-scatter.js";

interface Options extends TrialFlags {
  readonly compare?: string;
  readonly expectHead?: string;
}

/** `trials`: every configuration that was ever fitted in this store; the ledger's chain is checked. */
export const trialsCommand: AddCommand = (program) => {
  const command = program
    .command("trials")
    .description("list the trial ledger: every fit with its settings, seed and test figures")
    .option("--model <name>", "only trials of this kind of model")
    .option("--data-hash <hash>", "only trials on this data and these folds")
    .option("--symbol <name>", "only trials that this symbol is in, as the listing names it")
    .option("--source <kind>", "only trials on features from ticks, or from candles")
    .option(
      "--label <rule>",
      "only trials with labels by this rule (direction, triple-barrier), or on this price (mid, close)",
    )
    .option(
      "--horizon <time>",
      "only trials with this horizon: minutes, or as the listing names it",
    )
    .option("--setting <key=value>", "only trials with this setting; may be given again", collect)
    .option("--since <entry>", "only trials from this entry on")
    .option("--sort <figure>", "best first by a figure: accuracy, logLoss, dailySharpe …")
    .option(
      "--compare <names>",
      "put trials side by side: NAME@version or entries, comma-separated",
    )
    .option(...EXPECT_HEAD)
    .action(action<Options>(async (_args, options, context) => await list(options, context)));
  onceEach(command, ["setting"]);
};

async function list(
  { compare, expectHead, ...filter }: Options,
  { dataDir, say }: CommandContext,
): Promise<{ readonly json: object; readonly exitCode: 0 }> {
  await requireStoreFolder(dataDir);
  const ledger = await readLedger(dataDir);
  const since = expectHead === undefined ? undefined : requireHead(ledger, expectHead);
  let shown: object;
  if (compare === undefined) {
    const all = await measuredTrials(dataDir, ledger.state);
    const chosen = filterTrials(all, filter);
    say(chosen.length > 0 ? tableText(trialsTable(chosen)) : nothingChosen(all, filter));
    shown = { trials: chosen.map(describe) };
  } else {
    requireAlone(filter);
    const { predicts, ...compared } = await compareNamed(dataDir, compare, ledger);
    say(tableText(comparisonTable(compared, predicts.map(predictsText))));
    shown = { compared: { ...compared, predicts: predicts.map(factsJson) } };
  }
  const statistics = statisticsOf(ledger.state);
  for (const line of totals(ledger, since)) say(line);
  const { count } = statistics;
  const byHorizon = scatterByHorizon(ledger.state);
  return { json: { ...shown, count, statistics, byHorizon, ...headJson(ledger) }, exitCode: 0 };
}

/** N, and the hash on which all hangs. */
function totals({ state, entries, head }: Ledger, since: number | undefined): readonly string[] {
  const { count } = statisticsOf(state);
  const lines = [
    `N = ${counted(count, "try", "tries")} of ${counted(state.trials.size, "trial")} in the ledger, its chain of hashes whole; ` +
      `tries are ${TRIES}, and the deflated Sharpe ratio is held against them`,
    ...scatterByHorizon(state).map(scatterLine),
  ];
  if (state.setAside.size > 0) {
    const models = counted(state.setAside.size, "model");
    lines.push(
      `what lay there of ${models} was set aside, because no entry named it; N counts it as tried`,
    );
  }
  for (const entry of entries) {
    if (entry.kind !== "mend" || entry.setAside.length > 0) continue;
    lines.push(
      `promoted.json was gone before entry ${entry.number}: if entries were cut with it, N is too small`,
    );
  }
  if (entries.length > 0) {
    lines.push(
      `head ${head} after ${counted(entries.length, "entry", "entries")}: write it down, ` +
        "only it shows a ledger that was written anew as a whole",
    );
  }
  if (since !== undefined) {
    lines.push(expectedLine(since));
  }
  return lines;
}

function trialsTable(trials: readonly MeasuredTrial[]): Table {
  const figures = [...new Set(trials.flatMap((trial) => Object.keys(trial.figures)))];
  return {
    caption: "Trials",
    columns: [
      { name: "entry" },
      { name: "model" },
      { name: "seed" },
      { name: "predicts" },
      { name: "inputs" },
      { name: "data hash" },
      ...figures.map((name) => ({ name })),
      { name: "part of" },
      { name: "settings" },
    ],
    rows: trials.map(({ trial, facts, figures: own }): readonly Cell[] => [
      trial.number,
      modelName(trial),
      trial.seed,
      predictsText(facts),
      facts.features ?? null,
      shortData(trial),
      ...figures.map((name) => own[name] ?? null),
      trial.part,
      settingsText(trial),
    ]),
  };
}

function settingsText({ settings }: Trial): string {
  return Object.entries(settings)
    .filter(([name]) => name !== "model")
    .map(([name, value]) => `${name} ${settingText(value)}`)
    .join(", ");
}

function comparisonTable(
  { trials, differences, figures, verdicts }: TrialComparison,
  predicts: readonly string[],
): Table {
  return {
    caption: "Side by side",
    columns: [{ name: "what" }, ...trials.map((name) => ({ name }))],
    rows: [
      ["predicts", ...predicts],
      ...differences.map(({ what, values }): readonly Cell[] => [what, ...values]),
      ...figures.map(({ name, values }): readonly Cell[] => [name, ...values]),
      ["last evaluation", ...verdicts],
    ],
  };
}

/** Trials that are named are not chosen. */
function requireAlone(filter: TrialFlags): void {
  const flags: Readonly<Record<keyof TrialFlags, string>> = {
    ...CHOICE_FLAGS,
    setting: "--setting",
    since: "--since",
    sort: "--sort",
  };
  for (const [name, flag] of Object.entries(flags)) {
    if (filter[name as keyof TrialFlags] === undefined) continue;
    throw new OptionError({
      column: flag,
      message: "was given with --compare, which names its trials",
      fix: "leave one of the two out",
    });
  }
}

async function compareNamed(
  root: string,
  names: string,
  { state }: Ledger,
): Promise<TrialComparison & { readonly predicts: readonly TrialFacts[] }> {
  const trials = names.split(",").map((text) => askedTrial(text.trim(), state.trials.values()));
  if (new Set(trials).size < 2 || new Set(trials).size < trials.length) {
    throw new OptionError({
      column: "--compare",
      message: `was ${JSON.stringify(names)}, expected two or more trials, each once`,
      fix: "give for example --compare 1,2",
    });
  }
  const compared = [];
  for (const trial of trials) {
    const read = await orDamage(() => readBundleCard(root, trial));
    compared.push({ trial, content: "damage" in read ? undefined : read.value.content });
  }
  const predicts = compared.map(({ content }) => trialFacts(content));
  return { ...compareTrials(compared, state), predicts };
}

/** A trial by its name, its version alone, or the number of its entry. */
function askedTrial(text: string, trials: Iterable<Trial>): Trial {
  const all = [...trials];
  const direct = all.find(({ number, key }) => `${number}` === text || versionOf(key) === text);
  if (direct === undefined && /^\d+$/.test(text) && all.length > 0) {
    const entries = all.map(({ number }) => String(number));
    throw new OptionError({
      column: "--compare",
      message: `was ${JSON.stringify(text)}, which is no trial's entry`,
      fix: `choose among ${listText(entries)}`,
    });
  }
  return direct ?? namedTrial(all, parseModelName(text), "--compare");
}

function describe({ trial, facts, figures }: MeasuredTrial): object {
  return { ...trial, ...factsJson(facts), figures };
}

function factsJson(facts: TrialFacts): object {
  return { marks: marksOf(facts), isSimulated: isSimulated(facts), ...facts };
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
