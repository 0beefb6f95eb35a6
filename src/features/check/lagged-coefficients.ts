// Does a feature know the future, and does it still when a decision comes too late for the moment?
import { futureReturns } from "../future-returns.js";
import { coefficientOfCodes, type InformationCoefficient } from "./information-coefficient.js";
import { type RankCodes, rankCodes } from "./rank-codes.js";

/** Prices that returns are made from. */
export interface ReturnPrices {
  readonly barEndUs: Float64Array;
  readonly barUs: number;
  /** Price in force at each bar's end. */
  readonly price: Float64Array;
  /** Price in force one latency after it; undefined where no book tells. */
  readonly laterPrice: Float64Array | undefined;
}

/** Codes of the returns of one horizon, which all features are compared with. */
export interface HorizonReturns {
  readonly horizonBars: number;
  readonly now: RankCodes;
  readonly afterLatency: RankCodes | undefined;
}

/** Information coefficients of one feature at one horizon. */
export interface LaggedCoefficients {
  readonly horizonBars: number;
  /** With the return from the bar's end on. */
  readonly now: InformationCoefficient;
  /** The feature as it was one bar and five bars before. */
  readonly oneBarLater: InformationCoefficient;
  readonly fiveBarsLater: InformationCoefficient;
  /** With the return of equal length from one latency after the bar's end on; null without a book, whose mids alone tell it. */
  readonly afterLatency: InformationCoefficient | null;
}

/** Returns of some horizons, in bars. */
export function horizonReturns(
  { barEndUs, barUs, price, laterPrice }: ReturnPrices,
  horizons: readonly number[],
): readonly HorizonReturns[] {
  return horizons.map((horizonBars) => {
    const codes = (prices: Float64Array): RankCodes =>
      rankCodes(futureReturns(prices, barEndUs, { horizonBars, barUs }));
    return {
      horizonBars,
      now: codes(price),
      afterLatency: laterPrice === undefined ? undefined : codes(laterPrice),
    };
  });
}

/**
 * Information coefficients of a feature at all horizons: as it is, late by bars, and late by one latency.
 *
 * @param feature - codes of its column
 * @param prices - bar ends of its rows
 * @param returns - codes of the returns from its rows
 */
export function laggedCoefficients(
  feature: RankCodes,
  { barEndUs, barUs }: Pick<ReturnPrices, "barEndUs" | "barUs">,
  returns: readonly HorizonReturns[],
): readonly LaggedCoefficients[] {
  const oneBarLater = delayed(feature, barEndUs, { bars: 1, barUs });
  const fiveBarsLater = delayed(feature, barEndUs, { bars: 5, barUs });
  return returns.map(({ horizonBars, now, afterLatency }) => ({
    horizonBars,
    now: coefficientOfCodes(feature, now, { horizonBars }),
    oneBarLater: coefficientOfCodes(oneBarLater, now, { horizonBars }),
    fiveBarsLater: coefficientOfCodes(fiveBarsLater, now, { horizonBars }),
    afterLatency:
      afterLatency === undefined
        ? null
        : coefficientOfCodes(feature, afterLatency, { horizonBars }),
  }));
}

/** A column as it was some bars before; missing where bars are. */
function delayed(
  { code, distinct }: RankCodes,
  barEndUs: Float64Array,
  { bars, barUs }: { readonly bars: number; readonly barUs: number },
): RankCodes {
  const late = code.map((_, row) => {
    const isThere = row >= bars && barEndUs[row]! - barEndUs[row - bars]! === bars * barUs;
    return isThere ? code[row - bars]! : -1;
  });
  return { code: late, distinct };
}
