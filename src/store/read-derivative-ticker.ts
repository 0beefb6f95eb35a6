import { partitionFolder } from "./partition.js";
import { readSelected, type Selected, type SymbolDay, TIMES } from "./read.js";
import type { Store } from "./store.js";
import type { DerivativeTicker } from "./tables.js";

const COLUMNS: readonly Selected[] = [
  ...TIMES,
  column("fundingTimestampUs", "COALESCE(CAST(funding_timestamp AS DOUBLE), 'NaN'::DOUBLE)"),
  column("fundingRate", "funding_rate"),
  column("predictedFundingRate", "predicted_funding_rate"),
  column("openInterest", "open_interest"),
  column("lastPrice", "last_price"),
  column("indexPrice", "index_price"),
  column("markPrice", "mark_price"),
];

/**
 * Funding, open interest and prices of a derivative's day in stored order, in batches of up to 131,072 rows.
 *
 * @throws {DataError} the partition is missing or damaged
 */
export function readDerivativeTicker(
  store: Store,
  day: SymbolDay,
): AsyncGenerator<DerivativeTicker> {
  return readSelected(store, partitionFolder({ ...day, type: "derivative_ticker" }), COLUMNS);
}

function column(name: string, sql: string): Selected {
  return { name, sql, kind: "float64" };
}
