import { invert3, multiply3 } from "./matrix3.js";
import { type EdgeSettings, PRESSURE_CORRELATION, SYMBOL_COUNT } from "./settings.js";

/** What the public saw of one minute, one number per symbol. */
export interface MinuteObservation {
  /** Flow of trades and of the book: √½·g·pressure + unit noise. */
  readonly tradeFlow: Float64Array;
  readonly bookFlow: Float64Array;
  /** Return over its realised volatility: β·pressure + noise. */
  readonly normalizedReturn: Float64Array;
  /** 3 × 3 realised correlation of that noise: moves that symbols make at once have one sign. */
  readonly returnCorrelation: Float64Array;
}

/** Running estimate of the pressures from public events. */
export interface PressureFilter {
  /** Takes one minute in. */
  readonly update: (seen: MinuteObservation) => void;
  /** Conditional mean of each symbol's pressure in the minute last taken in. */
  readonly mean: Float64Array;
  /** Conditional covariance, 3 × 3. */
  readonly covariance: Float64Array;
}

/**
 * The best filter of public events with the true parameters: a Kalman filter in information form over the pressures of
 * all symbols. A minute's coins make up an exponential family with the net moves as sufficient statistic, and its
 * logarithm is that of a Gaussian up to terms of order (β·pressure)⁴ / (12 · moves), so nothing better exists.
 *
 * @see Anderson & Moore (1979), Optimal Filtering, ch. 6
 */
export function pressureFilter({ halfLifeMinutes, drift, flow }: EdgeSettings): PressureFilter {
  const keep = 2 ** (-1 / halfLifeMinutes);
  const size = SYMBOL_COUNT * SYMBOL_COUNT;
  const stationary = pressureCovariance();
  const mean = new Float64Array(SYMBOL_COUNT);
  const covariance = stationary.slice();
  const precision = new Float64Array(size);
  const returnPrecision = new Float64Array(size);
  const information = new Float64Array(SYMBOL_COUNT);
  const fromReturn = new Float64Array(SYMBOL_COUNT);
  const flowPart = flow / Math.SQRT2;

  const update = (seen: MinuteObservation): void => {
    for (let i = 0; i < size; i++) {
      covariance[i] = keep * keep * covariance[i]! + (1 - keep * keep) * stationary[i]!;
    }
    for (let s = 0; s < SYMBOL_COUNT; s++) mean[s] = keep * mean[s]!;
    invert3(covariance, precision);
    multiply3(precision, mean, information);
    invert3(seen.returnCorrelation, returnPrecision);
    multiply3(returnPrecision, seen.normalizedReturn, fromReturn);
    for (let i = 0; i < size; i++) precision[i] = precision[i]! + drift ** 2 * returnPrecision[i]!;
    for (let s = 0; s < SYMBOL_COUNT; s++) {
      precision[s * (SYMBOL_COUNT + 1)] = precision[s * (SYMBOL_COUNT + 1)]! + flow ** 2;
      information[s] =
        information[s]! +
        flowPart * (seen.tradeFlow[s]! + seen.bookFlow[s]!) +
        drift * fromReturn[s]!;
    }
    invert3(precision, covariance);
    multiply3(covariance, information, mean);
  };
  return { update, mean, covariance };
}

/** Stationary covariance of the pressures: unit variances, one correlation. */
export function pressureCovariance(): Float64Array {
  const matrix = new Float64Array(SYMBOL_COUNT * SYMBOL_COUNT).fill(PRESSURE_CORRELATION);
  for (let s = 0; s < SYMBOL_COUNT; s++) matrix[s * (SYMBOL_COUNT + 1)] = 1;
  return matrix;
}
