// The features that a feed's events make, by the streams that a run has.
import { createFeatureEngine } from "../../features/engine.js";
import { MarketStream } from "../../market/market-stream.js";
import type { FeedKeeper, FeedSource } from "../../runtime/feed/feed.js";
import { textOfRow } from "./text-rows.js";

/**
 * Takes all of a feed.
 *
 * @param barUs - length of the bars
 * @returns rows as text, by symbol
 */
export async function fedRows(
  source: FeedSource,
  symbols: readonly string[],
  barUs: number,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = new Map<string, string[]>(symbols.map((symbol) => [symbol, []]));
  const markets = symbols.map((symbol) => {
    const engine = createFeatureEngine((row) => rows.get(symbol)!.push(textOfRow(row)), { barUs });
    return { symbol, engine, stream: new MarketStream(engine, { book: engine.book }) };
  });
  const keeper: FeedKeeper = {
    onTime: () => {},
    isPaused: () => false,
    onDisconnect: () => {
      for (const { stream } of markets) stream.lose();
    },
    onStale: () => {},
  };
  const feed = await source.open(markets, keeper, 0);
  try {
    while (await feed.run());
  } finally {
    await feed.close();
  }
  for (const { stream, engine } of markets) {
    stream.finish();
    engine.finish();
  }
  return rows;
}
