import { createHash } from "node:crypto";
import { BOOK_IMBALANCE } from "./book-imbalance.js";
import { CALENDAR } from "./calendar.js";
import type { Feature, FeatureEntry } from "./feature.js";
import { MOMENTUM } from "./momentum.js";
import { OHLCV } from "./ohlcv.js";
import { PRICE_IMPACT } from "./price-impact.js";
import { REGIME } from "./regime.js";
import { RETURNS } from "./returns.js";
import { SPREAD } from "./spread.js";
import { TRADE_FLOW } from "./trade-flow.js";
import { TREND } from "./trend.js";
import { VOLATILITY } from "./volatility.js";
import { VOLUME } from "./volume.js";
import { VWAPS } from "./vwap.js";

/** Raised when a value changes though no entry does, so that stored values and models are not mixed with new ones. */
const VERSION = 1;

/** All features, by number. Numbers and names are a contract with every saved model: add, never rename or renumber. */
export const FEATURES: readonly Feature[] = [
  ...OHLCV,
  ...RETURNS,
  ...TREND,
  ...MOMENTUM,
  ...VOLATILITY,
  ...VOLUME,
  ...CALENDAR,
  ...REGIME,
  ...BOOK_IMBALANCE,
  ...TRADE_FLOW,
  ...VWAPS,
  ...SPREAD,
  ...PRICE_IMPACT,
].sort((a, b) => a.number - b.number);

/** What the catalogue says of each feature, without the means to compute it. */
export function catalogue(): readonly FeatureEntry[] {
  return FEATURES.map(({ create: _create, ...entry }) => entry);
}

/** SHA-256, hexadecimal, of the catalogue: what a model names to say which features it was made for. */
export function catalogueHash(): string {
  const text = JSON.stringify([VERSION, catalogue()], (_key, value: unknown) =>
    value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY
      ? String(value)
      : value,
  );
  return createHash("sha256").update(text).digest("hex");
}

/** Bit of the mask that says that nothing traded in the bar. */
export const NO_TRADE_BIT = 53;

/** Bit of the mask that says that there was no valid book at the bar's end. */
export const NO_BOOK_BIT = 54;
