// Was each minute calm, usual or wild?
import { quantile } from "../../core/statistics.js";
import { type FeatureFrame, featureColumn } from "./feature-frame.js";

/** Regimes from calm to wild, as the catalogue calls them. */
export const REGIMES = ["low", "normal", "high"] as const;

/** Which regime each row of a frame is in. */
export interface VolatilityRegimes {
  /** Number of the regime in `REGIMES`; −1 where it is not known. */
  readonly regime: Int8Array;
  /** What they were told from, for people. */
  readonly source: string;
}

/** With fewer rows of a known regime, the catalogue's own regimes say too little. */
const LEAST_ROWS = 60;

const FALLBACK = "realized_vol_60";

/**
 * Regimes of several frames by the catalogue's one-hot `vol_regime_*`. Those need two days before their first value; where
 * they are not there, thirds of each symbol's own `realized_vol_60`, which look back on all of the data and so serve for
 * looking only.
 */
export function volatilityRegimes(frames: readonly FeatureFrame[]): readonly VolatilityRegimes[] {
  const own = frames.map(knownRegimes);
  const isKnown = own.every((regime) => regime.filter((one) => one >= 0).length >= LEAST_ROWS);
  return isKnown
    ? own.map((regime) => ({ regime, source: "vol_regime_low, _normal and _high" }))
    : frames.map((frame) => ({
        regime: thirds(featureColumn(frame, FALLBACK)),
        source: `thirds of each symbol's ${FALLBACK} over these days, because vol_regime_* has no values yet`,
      }));
}

/** The one of the catalogue's three columns that is 1, row by row; −1 where none is. */
export function knownRegimes(frame: FeatureFrame): Int8Array {
  const columns = REGIMES.map((name) => featureColumn(frame, `vol_regime_${name}`));
  return Int8Array.from(frame.barEndUs, (_, row) =>
    columns.findIndex((column) => column[row] === 1),
  );
}

/** Lowest, middle and highest third of the values that are there; of equal values all in one. */
function thirds(column: Float64Array): Int8Array {
  const values = column.filter((value) => !Number.isNaN(value));
  const [lower, upper] = [quantile(values, 1 / 3), quantile(values, 2 / 3)];
  return Int8Array.from(column, (value) =>
    Number.isNaN(value) ? -1 : value <= lower ? 0 : value <= upper ? 1 : 2,
  );
}
