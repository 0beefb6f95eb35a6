// What TA-Lib's output says of features that TA-Lib has, too, and how near to it they have to be.

/** High, low, close and volume of bars, and TA-Lib's output by name: of one length, NaN where TA-Lib has no value. */
export type TaLibColumns = Readonly<Record<string, readonly number[]>>;

/** Largest error that may be. */
export const TA_LIB_ERROR = 1e-9;

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, i) => from + i);
const sum = (values: readonly number[]): number => values.reduce((total, x) => total + x, 0);

/** One feature made of TA-Lib's output. */
export interface TaLibIndicator {
  /** From TA-Lib's columns, at bar k. */
  readonly expected: (k: number, columns: TaLibColumns) => number;
  /** Difference that a value near 0 may have, where TA-Lib or the feature takes the difference of large numbers. */
  readonly floor: number;
  /** Whether the feature has no value at bar k, which TA-Lib gives one by convention. */
  readonly isUndefined?: (k: number, columns: TaLibColumns) => boolean;
  /** That value; none where TA-Lib's bands have no width. */
  readonly convention?: number;
}

const typical = ({ high, low, close }: TaLibColumns, k: number): number =>
  (high![k]! + low![k]! + close![k]!) / 3;
/** Equal but for the last bits: a third of a sum may differ where the sums of three prices do not. */
const isSame = (values: readonly number[]): boolean =>
  Math.max(...values) - Math.min(...values) < 1e-10 * Math.max(...values);

const isStill = (k: number, { high, low }: TaLibColumns): boolean =>
  Math.max(...high!.slice(k - 13, k + 1)) === Math.min(...low!.slice(k - 13, k + 1));

/** Number of bars up to k that have a directional index: of those from bar 14 on, the ones after the first movement. */
export function directionalIndexes(k: number, { high, low }: TaLibColumns): number {
  const moved = range(1, k + 1).find((j) => high![j]! > high![j - 1]! || low![j]! < low![j - 1]!);
  return moved === undefined ? 0 : k + 1 - Math.max(14, moved);
}

/** Least-squares slope of 20 values against 0 to 19. */
const slope = (values: readonly number[]): number => {
  const mean = sum(values) / 20;
  return sum(values.map((value, i) => (i - 9.5) * (value - mean))) / 665;
};
const last20 = (values: readonly number[] | undefined, k: number): readonly number[] =>
  values!.slice(k - 19, k + 1);

/** All features that TA-Lib has, too, by name. */
export const TA_LIB_INDICATORS: Readonly<Record<string, TaLibIndicator>> = {
  ema_ratio_12: { expected: (k, { close, ema12 }) => close![k]! / ema12![k]! - 1, floor: 1e-14 },
  ema_ratio_26: { expected: (k, { close, ema26 }) => close![k]! / ema26![k]! - 1, floor: 1e-14 },
  sma_ratio_50: { expected: (k, { close, sma50 }) => close![k]! / sma50![k]! - 1, floor: 1e-14 },
  macd: { expected: (k, { close, macd }) => macd![k]! / close![k]!, floor: 1e-14 },
  macd_signal: { expected: (k, { close, signal }) => signal![k]! / close![k]!, floor: 1e-14 },
  macd_hist: {
    expected: (k, { close, macd, signal }) => (macd![k]! - signal![k]!) / close![k]!,
    floor: 1e-14,
  },
  rsi_14: { expected: (k, { rsi14 }) => rsi14![k]! / 50 - 1, floor: 1e-14 },
  stoch_k_14: {
    expected: (k, { stochK14 }) => stochK14![k]! / 100,
    floor: 1e-14,
    isUndefined: isStill,
    convention: 0,
  },
  stoch_d_3: {
    expected: (k, { stochD3 }) => stochD3![k]! / 100,
    floor: 1e-14,
    isUndefined: (k, columns) => [k - 2, k - 1, k].some((j) => isStill(j, columns)),
  },
  cci_20: {
    expected: (k, { cci20 }) => cci20![k]! / 100,
    floor: 1e-10,
    isUndefined: (k, columns) => isSame(range(k - 19, k + 1).map((j) => typical(columns, j))),
    convention: 0,
  },
  adx_14: {
    expected: (k, { adx14 }) => adx14![k]! / 100,
    floor: 1e-14,
    isUndefined: (k, columns) => directionalIndexes(k, columns) < 24 * 14,
  },
  atr_14_pct: { expected: (k, { close, atr14 }) => atr14![k]! / close![k]!, floor: 1e-16 },
  bb_pctb_20: {
    expected: (k, { close, upper20, lower20 }) =>
      (close![k]! - lower20![k]!) / (upper20![k]! - lower20![k]!),
    floor: 1e-10,
    isUndefined: (k, { close }) => isSame(last20(close, k)),
  },
  bb_width_20: {
    expected: (k, { upper20, middle20, lower20 }) => (upper20![k]! - lower20![k]!) / middle20![k]!,
    floor: 1e-14,
  },
  obv_slope_20: {
    expected: (k, { obv, volume }) => slope(last20(obv, k)) / (sum(last20(volume, k)) / 20),
    floor: 1e-14,
    isUndefined: (k, { volume }) => sum(last20(volume, k)) === 0,
  },
  mfi_14: {
    expected: (k, { mfi14 }) => mfi14![k]! / 50 - 1,
    floor: 1e-14,
    isUndefined: (k, columns) =>
      range(k - 13, k + 1).every(
        (j) =>
          columns["volume"]![j] === 0 || isSame([typical(columns, j), typical(columns, j - 1)]),
      ),
    convention: -1,
  },
};

/** Error of a value relative to TA-Lib's, or to the floor where that is nearer to 0: `TA_LIB_ERROR` is the floor itself. */
export function taLibError(actual: number, expected: number, floor: number): number {
  const difference = Math.abs(actual - expected);
  return difference === 0 ? 0 : difference / Math.max(Math.abs(expected), floor / TA_LIB_ERROR);
}
