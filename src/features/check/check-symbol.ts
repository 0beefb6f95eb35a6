import type { Store } from "../../store/store.js";
import { FEATURES } from "../catalogue.js";
import type { FeatureEntry } from "../feature.js";
import { rowMids } from "../row-mids.js";
import { coefficientComplaints } from "./coefficient-complaints.js";
import { comparable } from "./comparable.js";
import { type Constancy, constancy, constancyComplaints, hasMoved } from "./constancy.js";
import { type Drift, drift, driftComplaints } from "./drift.js";
import { type Duplicate, duplicateComplaint, duplicates } from "./duplicates.js";
import type { Complaint, FeatureFinding } from "./finding.js";
import {
  type HorizonReturns,
  horizonReturns,
  type LaggedCoefficients,
  laggedCoefficients,
  type ReturnPrices,
} from "./lagged-coefficients.js";
import { type MissingCounts, missingComplaints, missingCounts } from "./missing-causes.js";
import { type Ranges, rangeComplaints, ranges } from "./ranges.js";
import { type RankCodes, rankCodes } from "./rank-codes.js";
import type { SymbolColumns } from "./symbol-columns.js";

/** Rows of one feature: how many, their values, and why the others have none. */
export interface FeatureTotals extends Ranges {
  readonly name: string;
  readonly rows: number;
  /** Rows without a value by cause; with `values` they add up to `rows`. */
  readonly missing: MissingCounts;
}

/** All that is measured of one feature of one symbol. */
export interface FeatureCheck extends FeatureTotals {
  /** Of the values as they are stored. */
  readonly constancy: Constancy;
  /** Of prices as models see them (`comparable`); null where there are too few values. */
  readonly drift: Drift | null;
  /** A horizon each; of prices as models see them. */
  readonly coefficients: readonly LaggedCoefficients[];
}

/** All that is measured of one symbol. */
export interface SymbolCheck {
  readonly symbol: string;
  readonly rows: number;
  /** What returns are made from: the mid; or the close where there is no book, whose bounce alone can be predicted. */
  readonly price: "mid" | "close";
  readonly features: readonly FeatureCheck[];
  readonly duplicates: readonly Duplicate[];
  readonly findings: readonly FeatureFinding[];
}

/** How features are compared with returns. */
export interface ReturnSettings {
  /** Bars ahead that returns look. */
  readonly horizons: readonly number[];
  /** From a bar's end until a decision of it is executed, µs. */
  readonly latencyUs: number;
}

/**
 * Checks one symbol's features.
 *
 * @param store - for the mids one latency after each bar's end, which are sampled by a replay of the book and stored, as
 * for labels
 * @throws {DataError} the book is damaged
 */
export async function checkSymbol(
  store: Store,
  columns: SymbolColumns,
  { horizons, latencyUs }: ReturnSettings,
): Promise<SymbolCheck> {
  const { symbol, barEndUs } = columns;
  const prices = await returnPrices(store, columns, latencyUs);
  const context = {
    columns,
    returns: horizonReturns(prices, horizons),
    latencyMs: latencyUs / 1000,
  };
  const close = rankCodes(columns.values["close"]!);
  const mid = rankCodes(columns.mid);
  const findings: FeatureFinding[] = [];
  const features = FEATURES.map((entry) => {
    const price = entry.inputs.includes("trades") ? close : mid;
    const { check, complaints } = checkFeature(entry, { ...context, price });
    for (const one of complaints) findings.push({ feature: entry.name, symbol, ...one });
    return check;
  });
  const alike = duplicates(
    FEATURES.map((entry) => ({ name: entry.name, values: comparable(entry, columns) })),
  );
  for (const pair of alike) {
    findings.push({ feature: pair.names[1], symbol, ...duplicateComplaint(pair) });
  }
  const price = prices.laterPrice === undefined ? "close" : "mid";
  return { symbol, rows: barEndUs.length, price, features, duplicates: alike, findings };
}

/** Everything but the comparison with other features. */
function checkFeature(
  entry: FeatureEntry,
  context: {
    readonly columns: SymbolColumns;
    readonly returns: readonly HorizonReturns[];
    readonly latencyMs: number;
    /** Codes of the close, or of the mid for a feature of the book alone. */
    readonly price: RankCodes;
  },
): { readonly check: FeatureCheck; readonly complaints: readonly Complaint[] } {
  const { columns, returns, latencyMs, price } = context;
  const stored = columns.values[entry.name]!;
  const storedCodes = rankCodes(stored);
  const compared = comparable(entry, columns);
  const codes = compared === stored ? storedCodes : rankCodes(compared);
  const found = ranges(entry, stored, columns.valid);
  const missing = missingCounts(entry, columns);
  const varied = constancy(stored, storedCodes);
  const drifted = drift(compared, codes);
  const coefficients = laggedCoefficients(codes, columns, returns);
  const moved = { values: found.values, hasMoved: hasMoved(price, storedCodes) };
  return {
    check: {
      ...{ name: entry.name, rows: stored.length, ...found, missing },
      ...{ constancy: varied, drift: drifted ?? null, coefficients },
    },
    complaints: [
      ...rangeComplaints(entry, found),
      ...missingComplaints(found.values, missing),
      ...constancyComplaints(entry, moved, varied),
      ...driftComplaints(entry, drifted),
      ...coefficientComplaints(coefficients, latencyMs),
    ],
  };
}

/** Mids where there are any, else closes. */
async function returnPrices(
  store: Store,
  columns: SymbolColumns,
  latencyUs: number,
): Promise<ReturnPrices> {
  const { barEndUs, barUs, mid, values, days } = columns;
  if (mid.every(Number.isNaN)) {
    return { barEndUs, barUs, price: values["close"]!, laterPrice: undefined };
  }
  const laterPrice = new Float64Array(barEndUs.length).fill(Number.NaN);
  for (const { from, to, source } of days) {
    if (source.tag === "trades") continue;
    const settings = { barUs, latencyUs, bookSource: source.tag };
    const later = await rowMids(store, columns, barEndUs.subarray(from, to), settings);
    laterPrice.set(later.mid, from);
  }
  return { barEndUs, barUs, price: mid, laterPrice };
}
