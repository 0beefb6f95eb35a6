import { type Costs, knownHalfSpreadBps } from "../trading/costs.js";
import { type FillBook, fillAtTouch } from "../trading/fill.js";
import type { Execution, TradedColumns } from "./trade-rows.js";

/** Execution at the dataset's price and half spread after the latency, without an end of the amounts there. */
export function datasetExecution(dataset: TradedColumns, costs: Costs): Omit<Execution, "feeBps"> {
  let mid = Number.NaN;
  let half = Number.NaN;
  const unlimited = Number.POSITIVE_INFINITY;
  const quotes: FillBook = {
    bidLevels: 1,
    askLevels: 1,
    bidPrice: () => mid - half,
    askPrice: () => mid + half,
    bidAmount: () => unlimited,
    askAmount: () => unlimited,
    mid: () => mid,
  };
  const at = (row: number): FillBook => {
    mid = dataset.entryPrice[row]!;
    half = 1e-4 * mid * knownHalfSpreadBps(costs, dataset.halfSpreadBps[row]!);
    return quotes;
  };
  return { decisionBook: at, orderBook: at, delayUs: dataset.latencyUs, fill: fillAtTouch };
}
