import type { Store } from "../../store/store.js";
import type { CandleRow } from "./candle-buffer.js";
import type { CandleRun } from "./candle-run.js";
import { coinbaseClient } from "./coinbase-client.js";
import { type FetchCandlesOptions, fetchCandles } from "./fetch-candles.js";
import { DATE, NOW_US, onCleanUp } from "./test-candles.js";
import {
  type CoinbaseServer,
  type CoinbaseServerOptions,
  startCoinbaseServer,
} from "./test-coinbase-server.js";

/** A server of one product's candles; `cleanUp` closes it. */
export async function serve(
  candles: ReadonlyMap<number, CandleRow>,
  options: Omit<CoinbaseServerOptions, "products"> = {},
): Promise<CoinbaseServer> {
  const server = await startCoinbaseServer({ products: { "BTC-USD": candles }, ...options });
  onCleanUp(server.close);
  return server;
}

/** Fetches the first day from a server, with short waits. */
export function fetchFrom(
  { url }: { readonly url: string },
  store: Store,
  {
    requestMs = 20_000,
    ...options
  }: Partial<FetchCandlesOptions> & { readonly requestMs?: number } = {},
): Promise<CandleRun> {
  const client = coinbaseClient({ url, firstWaitMs: 1, requestMs, requestsPerSecond: 1000 });
  return fetchCandles(store, client, {
    symbols: ["BTC-USD"],
    days: [DATE],
    nowUs: NOW_US,
    ...options,
  });
}
