import { DEFAULT_STAKE } from "../../evaluation/trade-rows.js";
import type { RunSettings } from "../../runtime/loop/run-settings.js";
import { LIMIT_SETTINGS } from "../../runtime/risk/order-limits.js";
import type { LiveModel } from "../../runtime/signal/live-model.js";
import { SIGNAL_SETTINGS } from "../../runtime/signal/signal.js";
import { COST_PRESETS } from "../../trading/costs.js";
import { cooldownFromSettings, guardFromSettings } from "../../trading/rules/guard-settings.js";
import { rulesFromSettings } from "../../trading/rules/rules-settings.js";

/** Settings of a run where no file says anything else. */
export function benchSettings(
  { exchange, symbols, barUs }: LiveModel,
  { run, mode }: Pick<RunSettings, "run" | "mode">,
): RunSettings {
  const rules = rulesFromSettings(undefined);
  const { feeBps, fallbackHalfSpreadBps, defaultFundingRate = 0 } = COST_PRESETS.ftmo;
  return {
    ...{ run, mode, exchange, symbols, feeBps },
    minimumOrderUsd: DEFAULT_STAKE.minimumOrderUsd,
    signal: SIGNAL_SETTINGS,
    limits: LIMIT_SETTINGS,
    risk: {
      rules,
      phase: rules.phases[0]!.name,
      guard: guardFromSettings(undefined),
      cooldown: cooldownFromSettings(undefined, barUs),
      swapRatio: 0,
      fundingRate: defaultFundingRate,
      costRatio: 1e-4 * (feeBps + fallbackHalfSpreadBps),
    },
  };
}
