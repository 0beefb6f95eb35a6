import { COST_PRESETS, type CostPreset } from "../../trading/costs.js";
import type { RunSettings } from "./run-settings.js";
import { runtimeSections } from "./settings-section.js";

/** Value below which exchanges take no order. */
const MINIMUM_ORDER_USD = 5;

/** What of a run is not in the settings file. */
export interface AskedRun extends Pick<RunSettings, "run" | "mode" | "exchange" | "symbols"> {
  readonly costs: CostPreset;
  /** Of the model's bars. */
  readonly barUs: number;
}

/**
 * Settings of a run: what is asked, and the rest as `tickbook.yaml` has it.
 *
 * @throws {OptionError} the file cannot be read, or a name or value there is none
 */
export function usualSettings({ costs, barUs, ...asked }: AskedRun): RunSettings {
  const { rules, signal, limits, ...risk } = runtimeSections(barUs);
  const { feeBps, fallbackHalfSpreadBps, defaultFundingRate = 0 } = COST_PRESETS[costs];
  return {
    ...{ ...asked, feeBps, signal, limits },
    minimumOrderUsd: MINIMUM_ORDER_USD,
    risk: {
      ...{ ...risk, rules },
      phase: rules.phases[0]!.name,
      costRatio: 1e-4 * (feeBps + fallbackHalfSpreadBps),
      fundingRate: defaultFundingRate,
    },
  };
}
