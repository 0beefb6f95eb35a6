// For tests only: closed trades of one symbol.
import { seededRandom } from "../../core/random.js";
import { MINUTE_US } from "../../core/time.js";
import type { TradeRecord } from "../records.js";

/** How trades come out. */
export interface SampleTrades {
  readonly count: number;
  readonly winRate: number;
  readonly fromUs: number;
  /** From one to the next, and how long each is held; the same where they follow each other. */
  readonly everyMinutes?: number;
  readonly heldMinutes?: number;
  readonly winUsd?: number;
  readonly lossUsd?: number;
}

/** Trades that win with a chance, by seed. */
export function sampleTrades(
  seed: number,
  { count, winRate, fromUs, ...rest }: SampleTrades,
): readonly TradeRecord[] {
  const { everyMinutes = 30, heldMinutes = 15, winUsd = 100, lossUsd = 100 } = rest;
  const random = seededRandom(seed, "sample trades");
  return Array.from({ length: count }, (_, i) => {
    const openedUs = fromUs + i * everyMinutes * MINUTE_US;
    const profitUsd = random.uniform() < winRate ? winUsd : -lossUsd;
    return {
      ...{ kind: "trade", run: "test", symbol: "BTCUSDT", openedBy: `order ${i}` },
      ...{ openedUs, closedUs: openedUs + heldMinutes * MINUTE_US, side: 1, amount: 1 },
      ...{ openValueUsd: 50_000, closeValueUsd: 50_000 + profitUsd + 30, feesUsd: 30, profitUsd },
    };
  });
}
