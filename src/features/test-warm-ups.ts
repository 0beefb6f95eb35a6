// For tests only: how many values does each feature have in a stretch of minutes, when something happens in all of them?

/** Bars of a minute without a value at the begin of a stream, by each definition. */
const WARM_UPS: Readonly<Record<string, number>> = {
  ...{ open: 0, high: 0, low: 0, close: 0, volume: 0 },
  ...{ log_ret_5: 5, log_ret_15: 15, log_ret_60: 60, log_ret_240: 240 },
  ...{ realized_vol_60: 60, parkinson_vol_20: 19, volume_ratio_60: 60, obv_slope_20: 19 },
  ...{ mfi_14: 14, hour_sin: 0, hour_cos: 0 },
  // A day of returns, and a day of such days before.
  ...{ vol_regime_low: 2880, vol_regime_normal: 2880, vol_regime_high: 2880 },
  ...{ obi_l1: 0, obi_l5: 0, obi_l20_decay: 0, obi_twa_l5: 0, ofi_norm: 0 },
  // The first change over 15 bars, and half of the 1,440 before it.
  ...{ tfi: 0, cvd_z: 14 + 720, trade_intensity: 60, large_trade_share: 1440 },
  ...{ vwap_dev_bar: 0, vwap_dev_15: 14, vwap_slope_15: 19, vwap_side_gap: 0 },
  // Half an hour of each day: of one, here.
  ...{ vwap_dev_session: 30 },
  ...{ quoted_spread_bps: 0, effective_spread_bps: 0, spread_z: 30, kyle_lambda: 9 },
  ...{ amihud_illiq: 60, mid: 0 },
};

/** All features with a bounded warm-up that are not TA-Lib's, and the mid. */
export const BOUNDED: readonly string[] = Object.keys(WARM_UPS);

/** How many values of some features so many minutes allow, from midnight on and no longer than a day for the session's. */
export function allowedValues(
  names: readonly string[],
  minutes: number,
): Readonly<Record<string, number>> {
  return Object.fromEntries(names.map((name) => [name, Math.max(0, minutes - WARM_UPS[name]!)]));
}
