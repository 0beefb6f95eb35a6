// What did holding a perpetual cost on the tested days?
import { concatenate } from "../core/columns.js";
import { DAY_US, dateOf } from "../core/time.js";
import type { Dataset } from "../dataset/matrix.js";
import { readColumns, readManifest, type SymbolDay } from "../store/read.js";
import type { Store } from "../store/store.js";
import type { Costs } from "../trading/costs.js";
import {
  FUNDING_INTERVAL_US,
  type Funding,
  fundingIntervalUs,
  missingFunding,
  NO_FUNDING,
} from "../trading/funding.js";

/** Funding by symbol, and where its rates come from. */
export interface FundingRates {
  readonly funding: readonly Funding[];
  /** Funding times whose rate the venue said. */
  readonly stored: number;
  /** Funding times at which the preset's default is assumed. */
  readonly assumed: number;
}

type FundedRows = Pick<Dataset, "exchange" | "symbols" | "symbolIndex" | "barEndUs">;

/**
 * Funding times and rates from the first to the last of some rows, by symbol: those of the stored `derivative_ticker`, and
 * where it skips some, times as far apart as its own (eight hours where it says fewer than four) at the preset's default, which
 * is for eight hours and less for shorter ones. The rate of a funding time is the last that the ticker said for it.
 *
 * @param rows - row numbers, ordered by symbol and time
 * @returns undefined where positions pay no funding
 * @throws {DataError} a partition is damaged
 */
export async function fundingRates(
  store: Store,
  dataset: FundedRows,
  rows: Uint32Array,
  { defaultFundingRate }: Costs,
): Promise<FundingRates | undefined> {
  if (defaultFundingRate === undefined) return undefined;
  const funding: Funding[] = [];
  let stored = 0;
  let assumed = 0;
  for (const [s, symbol] of dataset.symbols.entries()) {
    const own = rows.filter((row) => dataset.symbolIndex[row] === s);
    const [first, last] = [own[0], own.at(-1)];
    if (first === undefined || last === undefined) {
      funding.push(NO_FUNDING);
      continue;
    }
    const span = { fromUs: dataset.barEndUs[first]!, toUs: dataset.barEndUs[last]! };
    const market = { exchange: dataset.exchange, symbol };
    const said = await saidRates(store, market, span);
    const saidUs = Float64Array.from(said.keys()).sort();
    const knownUs = saidUs.filter((time) => time > span.fromUs && time <= span.toUs);
    const missingUs = missingFunding(saidUs, span);
    stored += knownUs.length;
    assumed += missingUs.length;
    const timeUs = concatenate([knownUs, missingUs]).sort();
    const assumedRate = defaultFundingRate * (fundingIntervalUs(saidUs) / FUNDING_INTERVAL_US);
    funding.push({ timeUs, rate: timeUs.map((time) => said.get(time) ?? assumedRate) });
  }
  return { funding, stored, assumed };
}

/** Rates by funding time, as the tickers of some days said them. */
async function saidRates(
  store: Store,
  market: Omit<SymbolDay, "date">,
  { fromUs, toUs }: { readonly fromUs: number; readonly toUs: number },
): Promise<ReadonlyMap<number, number>> {
  const rates = new Map<number, number>();
  for (let dayUs = Math.floor(fromUs / DAY_US) * DAY_US; dayUs < toUs; dayUs += DAY_US) {
    const key = { ...market, type: "derivative_ticker", date: dateOf(dayUs) } as const;
    if ((await readManifest(store, key)) === undefined) continue;
    const columns = await readColumns(store, key, ["funding_timestamp", "funding_rate"]);
    const rate = columns["funding_rate"] as Float64Array;
    (columns["funding_timestamp"] as Float64Array).forEach((time, i) => {
      if (!Number.isNaN(time) && !Number.isNaN(rate[i]!)) rates.set(time, rate[i]!);
    });
  }
  return rates;
}
