// Family price impact: how far the price goes for what is traded.
import { isShortfall, type Shortfall } from "../../core/shortfall.js";
import { mean, quantile } from "../../core/statistics.js";
import { MINUTE_US } from "../../core/time.js";
import { notionalUsd } from "../../market/contract.js";
import { featureColumn } from "../features/feature-frame.js";
import { windowWords } from "../pictures/finding-window.js";
import { quantityText, threeDigits } from "../quantity-text.js";
import { barView, noValues } from "./bar-view.js";
import type { FeatureLook } from "./feature-look.js";
import { PART_US, subIntervals } from "./sub-intervals.js";

/** Moves against what was traded, and the line that tells impact. */
export interface ImpactPicture {
  readonly title: string;
  readonly what: string;
  readonly alt: string;
  readonly n: string;
  /** Quote currency; above zero bought. */
  readonly notional: Float64Array;
  readonly moveBps: Float64Array;
  /** Move at a notional of zero, and for each unit of it. */
  readonly intercept: number;
  readonly slope: number;
  readonly axes: readonly [notional: string, move: string];
}

/** With fewer there is no line to speak of. */
const ENOUGH = 10;

const MILLION = 1e6;

/** Bars that amihud_illiq averages. */
const AMIHUD_BARS = 60;

/** A slope of fewer standard errors may be none. */
const SURE = 2;

/**
 * Change of the mid in each sixth of a minute against the notional bought less sold in it, with the line of least squares,
 * whose slope is kyle_lambda. Where there is no book, the size of each minute's return against its notional, which is what
 * amihud_illiq averages.
 */
export function impactPicture(look: FeatureLook | Shortfall): ImpactPicture | Shortfall {
  if (isShortfall(look)) return look;
  const view = barView(look.frame, look.minutes);
  const { notional, moveBps } = subIntervals(look);
  if (notional.length >= ENOUGH) return kylePicture(look, notional, moveBps);
  if (!view.hasBook && view.has("close")) return amihudPicture(look);
  return noValues(view, "price impact", ["quoted_spread_bps"]);
}

function kylePicture(
  look: FeatureLook,
  notional: Float64Array,
  moveBps: Float64Array,
): ImpactPicture {
  const { symbol } = look.frame;
  const { slope, intercept, rSquared } = leastSquares(notional, moveBps);
  const unit = roundUnit(notional);
  const told = featureColumn(look.frame, "kyle_lambda")[look.minutes.to - 1]!;
  const feature = Number.isNaN(told)
    ? ""
    : `; the feature at the end of the stretch is ${threeDigits(told)} bps a million`;
  // Student's t of the slope.
  const sureness = Math.sqrt((rSquared * (notional.length - 2)) / (1 - rSquared));
  return {
    title:
      sureness < SURE
        ? `The mid of ${symbol} went its way here whatever was bought or sold (R² ${rSquared.toFixed(2)})`
        : `${unitText(unit)} bought moved the mid of ${symbol} by ${threeDigits(slope * unit)} bps here (R² ${rSquared.toFixed(2)})`,
    what: `each dot is ${PART_US / 1e6} s: change of the mid, bps, against notional bought less sold, quote currency; line: least squares, ${threeDigits(slope * MILLION)} bps a million${feature}; ${windowWords(look.minutes)}`,
    alt: `Dots of mid changes of ${symbol} against signed notional around zero, with a straight line through them that ${slope > 0 ? "rises" : "does not rise"}.`,
    n: `${notional.length} sub-intervals`,
    notional,
    moveBps,
    slope,
    intercept,
    axes: ["bought less sold (quote currency)", "change of the mid (bps)"],
  };
}

/** |r| of each minute against its notional; the line through zero has the mean of their ratios as slope. */
function amihudPicture({ frame, minutes, contract }: FeatureLook): ImpactPicture | Shortfall {
  const from = Math.max(0, minutes.to - AMIHUD_BARS);
  const [close, volume, deviation] = ["close", "volume", "vwap_dev_bar"].map((name) =>
    featureColumn(frame, name),
  ) as [Float64Array, Float64Array, Float64Array];
  const bars = Array.from({ length: minutes.to - from }, (_, i) => from + i);
  // Traded at the VWAP, which is C/(1 + vwap_dev_bar/1e4).
  const traded = bars.map((row) =>
    notionalUsd(contract, close[row]! / (1 + deviation[row]! / 1e4), volume[row]!),
  );
  const move = bars.map((row) =>
    Math.abs(1e4 * Math.log(close[row]! / (close[row - 1] ?? Number.NaN))),
  );
  const fromUs = frame.barEndUs[from]! - MINUTE_US;
  const kept = Array.from(bars.keys()).filter((i) => traded[i]! > 0 && move[i]! >= 0);
  if (kept.length < ENOUGH)
    return noValues(barView(frame, minutes), "price impact", ["amihud_illiq"]);
  const notional = Float64Array.from(kept, (i) => traded[i]!);
  const moveBps = Float64Array.from(kept, (i) => move[i]!);
  const slope = mean(moveBps.map((bps, i) => bps / notional[i]!));
  return {
    title: `Without a book, impact is told by trades: ${frame.symbol} moved by ${threeDigits(slope * roundUnit(notional))} bps for each ${unitText(roundUnit(notional))} traded, whichever way`,
    what: `each dot is a minute: size of the log return, bps, against the notional traded, quote currency; line: mean of their ratios, as in amihud_illiq; ${windowWords({ fromUs, toUs: minutes.toUs })}`,
    alt: `Dots of the size of ${frame.symbol}'s minute returns against the notional traded, with a line from zero through their mean ratio.`,
    n: `${kept.length} bars`,
    notional,
    moveBps,
    slope,
    intercept: 0,
    axes: ["traded (quote currency)", "size of the return (bps)"],
  };
}

function leastSquares(
  x: Float64Array,
  y: Float64Array,
): { readonly slope: number; readonly intercept: number; readonly rSquared: number } {
  const [meanX, meanY] = [mean(x), mean(y)];
  let [xx, xy, yy] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    xx += (x[i]! - meanX) ** 2;
    xy += (x[i]! - meanX) * (y[i]! - meanY);
    yy += (y[i]! - meanY) ** 2;
  }
  const slope = xx > 0 ? xy / xx : 0;
  return {
    slope,
    intercept: meanY - slope * meanX,
    rSquared: xx > 0 && yy > 0 ? xy ** 2 / (xx * yy) : 0,
  };
}

/** The power of ten at or below what large dots trade; dots without a trade do not count. */
function roundUnit(notional: Float64Array): number {
  const traded = notional.map(Math.abs).filter((value) => value > 0);
  const large = quantile(traded, 0.9);
  return large > 0 ? 10 ** Math.floor(Math.log10(large)) : 1;
}

/** "10 k" */
function unitText(unit: number): string {
  return quantityText(unit).replace(/\.0+/, "");
}
