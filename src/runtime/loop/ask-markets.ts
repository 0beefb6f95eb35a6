// What does the model say of the bars that have closed? All symbols ask it at once.
import type { FeatureRow } from "../../features/feature-rows.js";
import type { Signal } from "../signal/signal.js";
import type { SymbolMarket } from "./symbol-market.js";

/** What the model says of a symbol's bar. */
export interface AskedBar {
  readonly market: SymbolMarket;
  /** Number of the symbol. */
  readonly index: number;
  readonly row: FeatureRow;
  readonly signal: Signal;
}

/** Takes the bars that have closed: those that ended at a time are asked about, earlier ones are of the past. */
export async function askMarkets(
  markets: readonly SymbolMarket[],
  barEndUs: number,
): Promise<readonly AskedBar[]> {
  const asked: Promise<AskedBar>[] = [];
  for (const [index, market] of markets.entries()) {
    const { maker, isFeedGood } = market;
    for (const row of market.takeRows()) {
      if (row.barEndUs === barEndUs) {
        const said = maker.next(row, { isFeedBad: !isFeedGood });
        asked.push(said.then((signal) => ({ market, index, row, signal })));
      } else maker.warm(row);
    }
  }
  return await Promise.all(asked);
}
