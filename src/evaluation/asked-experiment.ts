// What do a notebook's parameters ask for? All are looked at before any data is, and errors name them as they are typed.
import { OptionError } from "../core/errors.js";
import type { NumberRule } from "../core/number-rule.js";
import { settingRule } from "../core/settings.js";
import { LABEL_RULES, type LabelRule } from "../dataset/label-rule.js";
import { COST_PRESETS, type CostPreset, type Costs } from "../trading/costs.js";
import type { FinalSettings } from "../training/settings.js";
import type { ExperimentRequest } from "./experiment.js";
import { COVERAGE, FOLDS } from "./experiment-rules.js";

/** Parameters of an experiment as a notebook declares them. */
export interface AskedParameters {
  /** What features are made from: `ticks` or `candles`. */
  readonly featureSource: string;
  /** What is predicted: `direction` or `triple-barrier`. */
  readonly label: string;
  readonly horizonBars: number;
  readonly latencyMs: number;
  /** Walk-forward folds. */
  readonly folds: number;
  /** Share of bars to act on, the surest ones. */
  readonly coverage: number;
  /** Whose fees and funding: `ftmo`, `spot` or `perpetual`. */
  readonly costs: string;
  /** Of combinatorial splits; null for the default. */
  readonly embargoBars?: number | null;
}

/** The same, each for the step that takes it. */
export interface AskedExperiment {
  /** What is read; an experiment and the horizon map take it. */
  readonly data: Required<Pick<ExperimentRequest, "source">>;
  /** What is predicted and how it is cut, for `prepareExperiment`. */
  readonly cut: Required<
    Pick<ExperimentRequest, "horizonBars" | "latencyMs" | "labelRule" | "folds">
  >;
  /** How models are fitted. */
  readonly final: Pick<FinalSettings, "coverage">;
  /** How they are traded, for `evaluateModels`. */
  readonly trading: { readonly costs: CostPreset };
  /** For `horizonMap`. */
  readonly map: { readonly latencyMs: number; readonly costs: Costs };
  /** For `baselineOverfitting`. */
  readonly splits: { readonly embargoBars?: number };
}

/** Bars that combinatorial splits leave out after a test. */
const EMBARGO: NumberRule = {
  fits: (value) => Number.isInteger(value) && value >= 0,
  expected: "a whole number from 0, or null",
};

/**
 * Checks a notebook's parameters and puts them in the words of an experiment.
 *
 * @throws {OptionError} a value breaks its rule; names the parameter
 */
export function askedExperiment(parameters: AskedParameters): AskedExperiment {
  const { featureSource, label, costs, coverage, embargoBars = null } = parameters;
  const source = oneOf("featureSource", featureSource, ["ticks", "candles"]);
  const kind = oneOf("label", label, Object.keys(LABEL_RULES) as LabelRule["kind"][]);
  const preset = oneOf("costs", costs, Object.keys(COST_PRESETS) as CostPreset[]);
  const latencyMs = fitting("latencyMs", parameters.latencyMs, settingRule("latencyMs"));
  const embargo = embargoBars === null ? null : fitting("embargoBars", embargoBars, EMBARGO);
  return {
    data: { source },
    cut: {
      horizonBars: fitting("horizonBars", parameters.horizonBars, settingRule("horizonBars")),
      latencyMs,
      labelRule: LABEL_RULES[kind],
      folds: fitting("folds", parameters.folds, FOLDS),
    },
    final: { coverage: fitting("coverage", coverage, COVERAGE) },
    trading: { costs: preset },
    map: { latencyMs, costs: COST_PRESETS[preset] },
    splits: embargo === null ? {} : { embargoBars: embargo },
  };
}

function oneOf<Choice extends string>(
  column: string,
  value: string,
  choices: readonly Choice[],
): Choice {
  const found = choices.find((choice) => choice === value);
  if (found !== undefined) return found;
  throw refused(column, value, `one of ${choices.join(", ")}`, `give for example "${choices[0]}"`);
}

function fitting(column: string, value: number, { fits, expected }: NumberRule): number {
  if (fits(value)) return value;
  throw refused(column, value, expected, "change it in the cell of parameters, or in --params");
}

function refused(column: string, value: unknown, expected: string, fix: string): OptionError {
  const text = typeof value === "string" ? JSON.stringify(value) : String(value);
  return new OptionError({ column, message: `was ${text}, expected ${expected}`, fix });
}
