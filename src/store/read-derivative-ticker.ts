import { partitionFolder } from "./partition.js";
import { readSelected, type SymbolDay, TIMES } from "./read.js";
import type { Selected } from "./selected.js";
import type { Store } from "./store.js";
import type { DerivativeTicker } from "./tables.js";

const COLUMNS: readonly Selected[] = [
  ...TIMES,
  column("fundingTimestampUs", "funding_timestamp"),
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

function column(name: string, stored: string): Selected {
  return { name, column: stored, kind: "float64" };
}
