// What do a notebook's parameters ask for? All are looked at before any data is, and errors name them as they are typed.
import { OptionError } from "../core/errors.js";
import { DIRECTION, TRIPLE_BARRIER } from "../dataset/label-rule.js";
import { COST_PRESETS, type CostPreset, type Costs } from "../trading/costs.js";
import type { FinalSettings } from "../training/settings.js";
import type { ExperimentRequest } from "./experiment.js";

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

/**
 * Checks a notebook's parameters and puts them in the words of an experiment.
 *
 * @throws {OptionError} a value breaks its rule; names the parameter
 */
export function askedExperiment(parameters: AskedParameters): AskedExperiment {
  const { featureSource, label, costs, coverage, embargoBars = null } = parameters;
  const source = oneOf("featureSource", featureSource, ["ticks", "candles"]);
  const rules = [DIRECTION, TRIPLE_BARRIER];
  const kind = oneOf(
    "label",
    label,
    rules.map((rule) => rule.kind),
  );
  const preset = oneOf("costs", costs, Object.keys(COST_PRESETS) as CostPreset[]);
  const whole = (name: "horizonBars" | "folds", most: number): number => {
    const value = parameters[name];
    const fits = Number.isInteger(value) && value >= 1 && value <= most;
    return fitting(name, value, fits, `a whole number from 1 to ${most}`);
  };
  const { latencyMs: latency } = parameters;
  const isLatency = latency >= 0 && latency <= 60_000;
  const latencyMs = fitting("latencyMs", latency, isLatency, "a number from 0 to 60000");
  const isShare = coverage > 0 && coverage <= 1;
  const isEmbargo = embargoBars === null || (Number.isInteger(embargoBars) && embargoBars >= 0);
  const embargo = fitting("embargoBars", embargoBars, isEmbargo, "a whole number from 0, or null");
  return {
    data: { source },
    cut: {
      horizonBars: whole("horizonBars", 1440),
      latencyMs,
      labelRule: kind === "direction" ? DIRECTION : TRIPLE_BARRIER,
      folds: whole("folds", 999),
    },
    final: { coverage: fitting("coverage", coverage, isShare, "a share above 0, at most 1") },
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

function fitting<Value>(column: string, value: Value, fits: boolean, expected: string): Value {
  if (fits) return value;
  throw refused(column, value, expected, "change it in the cell of parameters, or in --params");
}

function refused(column: string, value: unknown, expected: string, fix: string): OptionError {
  const text = typeof value === "string" ? JSON.stringify(value) : String(value);
  return new OptionError({ column, message: `was ${text}, expected ${expected}`, fix });
}
