// What was `train` asked for? Every option is looked at before any data is, and errors name it as it is typed.
import { OptionError } from "../core/errors.js";
import type { NumberRule } from "../core/number-rule.js";
import { settingValues } from "../core/settings.js";
import { exchangeSymbols } from "../core/symbols.js";
import { daysBetween } from "../core/time.js";
import { type ColumnSet, columnsOf } from "../dataset/column-sets.js";
import { requireDatasetName } from "../dataset/dataset-name.js";
import { LABEL_RULES, type LabelRule } from "../dataset/label-rule.js";
import { requireMemberNames } from "../evaluation/ensemble-of.js";
import type { ExperimentRequest } from "../evaluation/experiment.js";
import { COVERAGE, FOLDS } from "../evaluation/experiment-rules.js";
import { parseBar } from "../features/bar-length.js";
import { CANDLE_FEATURES } from "../features/candle-features.js";
import type { CalibratorKind } from "../models/calibrator.js";
import { askedSettings, requireSetOrGrid, settingGrid } from "../training/asked-settings.js";
import { namedSettings } from "../training/named-settings.js";
import { seedsFrom } from "../training/seeds.js";
import type { FinalSettings } from "../training/settings.js";
import { numberOption } from "./number-option.js";
import { loadSettings } from "./settings.js";
import { sliceShares } from "./slice-shares.js";

/** Options of `train` as they were typed; commander has held those with choices to them. */
export interface TrainOptions {
  readonly model: string;
  readonly members?: string;
  readonly exchange: string;
  readonly symbols: string;
  readonly from: string;
  readonly to?: string;
  readonly bar?: string;
  readonly source: "ticks" | "candles";
  readonly columns?: ColumnSet;
  readonly label: LabelRule["kind"];
  readonly horizon?: string;
  readonly latency?: string;
  readonly seed?: string;
  readonly seeds?: string;
  readonly set?: readonly string[];
  readonly grid?: readonly string[];
  readonly folds: string;
  readonly window: "anchored" | "rolling";
  readonly shares?: string;
  readonly calibrator: CalibratorKind;
  readonly coverage: string;
  readonly name?: string;
}

/** What to train on, and how. */
export interface TrainPlan {
  readonly request: Omit<ExperimentRequest, "onProgress">;
  readonly final: FinalSettings;
  /** The first is `--seed`. */
  readonly seeds: readonly number[];
  /** What `--set` and `--grid` ask for, as they were typed. */
  readonly set: readonly string[];
  readonly grid: readonly string[];
  /** Of an ensemble, where it is told. */
  readonly members?: readonly string[];
}

/** The model that is made of others. */
export const ENSEMBLE = "ensemble";

/** How many seeds `--seeds` may ask for. */
const SEEDS: NumberRule & { readonly fix: string } = {
  fits: (value) => Number.isInteger(value) && value >= 2 && value <= 100,
  expected: "a whole number from 2 to 100",
  fix: "give for example --seeds 5",
};

/**
 * Checks all options and puts them in the words of an experiment; nothing is read but settings.
 *
 * @throws {OptionError} a value breaks its rule, or options that contradict each other
 */
export function trainPlan(options: TrainOptions): TrainPlan {
  const { exchange, source, columns, window, calibrator, name } = options;
  const { horizonBars, latencyMs, seed } = settingValues(
    loadSettings({
      horizonBars: options.horizon,
      latencyMs: options.latency,
      seed: options.seed,
    }),
  );
  const coverage = numberOption("--coverage", options.coverage, COVERAGE);
  if (name !== undefined) requireDatasetName(name, "--name");
  requireColumns(options);
  const request = {
    exchange,
    symbols: exchangeSymbols(exchange, options.symbols),
    days: daysBetween(options.from, options.to),
    ...(options.bar === undefined ? {} : { barUs: parseBar(options.bar) }),
    horizonBars,
    latencyMs,
    labelRule: LABEL_RULES[options.label],
    ...(columns === undefined ? {} : { features: columns }),
    source,
    folds: numberOption("--folds", options.folds, { ...FOLDS, fix: "give for example --folds 5" }),
    window,
    ...(options.shares === undefined ? {} : { shares: sliceShares(options.shares) }),
    ...(name === undefined ? {} : { name }),
  };
  const final = { calibrator, coverage };
  const members = membersOf(options);
  const plan = { request, final, ...fitsPlan(options, seed) };
  return members === undefined ? plan : { ...plan, members };
}

function membersOf({ model, members }: TrainOptions): readonly string[] | undefined {
  if (members === undefined) return undefined;
  if (model !== ENSEMBLE) {
    throw new OptionError({
      column: "--members",
      message: `was "${members}" with --model ${model}, which has none`,
      fix: "leave that option out, or give --model ensemble",
    });
  }
  const names = members.split(",").map((name) => name.trim());
  const named = names.filter((name) => name !== "");
  requireMemberNames(named);
  return named;
}

/** Which fits; settings are held to their rules, which no backend changes. */
function fitsPlan(
  { model, seeds, set = [], grid = [] }: TrainOptions,
  seed: number,
): Pick<TrainPlan, "seeds" | "set" | "grid"> {
  if (model === ENSEMBLE) {
    requireOneFit({ "--seeds": seeds, "--set": set[0], "--grid": grid[0] });
    return { seeds: [seed], set, grid };
  }
  const settings = askedSettings(namedSettings(model, { backend: "native" }), set);
  settingGrid(settings, grid);
  requireSetOrGrid(set, grid);
  const count = seeds === undefined ? 1 : numberOption("--seeds", seeds, SEEDS);
  return { seeds: seedsFrom(seed, count, settings), set, grid };
}

/** An ensemble has no settings of its own but its members, and what draws is theirs. */
function requireOneFit(given: Readonly<Record<string, string | undefined>>): void {
  for (const [option, value] of Object.entries(given)) {
    if (value === undefined) continue;
    throw new OptionError({
      column: option,
      message: `was "${value}" with --model ensemble, whose members have seeds and settings, not it`,
      fix: "train members with that option, and name them by their versions in --members",
    });
  }
}

/** Columns that no data of that source has, or that leave a rule without what it reads. */
function requireColumns({ model, source, columns }: TrainOptions): void {
  const asked = columns === undefined ? undefined : columnsOf(columns);
  if (source === "candles" && asked?.some((name) => !CANDLE_FEATURES.includes(name))) {
    const lacking = asked.filter((name) => !CANDLE_FEATURES.includes(name));
    throw new OptionError({
      column: "--columns",
      message: `was "${columns}" with --source candles, which lack ${lacking.length} of them: ${lacking.join(", ")}`,
      fix: "give --columns base, or train on ticks",
    });
  }
  if (model !== "ofi-sign" || (source === "ticks" && columns !== "base")) return;
  throw new OptionError({
    column: "--model",
    message: `was "ofi-sign" with ${source === "candles" ? "--source candles" : "--columns base"}, which have no order flow`,
    fix: "leave that option out, or train another model",
  });
}
