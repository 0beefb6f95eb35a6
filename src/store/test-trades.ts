// Small partitions for tests, whose every value follows from the row's number.
import { dayStartUs } from "../core/time.js";
import type { TickManifest } from "./manifest.js";
import type { Store } from "./store.js";
import type { PartitionKey } from "./tables.js";
import { writePartition } from "./write.js";

/** The partition that tests write where they name no other. */
export const TRADES_KEY: PartitionKey & { readonly type: "trades" } = {
  type: "trades",
  exchange: "binance",
  symbol: "BTCUSDT",
  date: "2024-08-08",
};

/**
 * Writes a day of trades: row i arrives i µs after midnight at the price `1 + i / 4`, with the id `id'i`.
 *
 * @param change - parts of the key that differ from `TRADES_KEY`
 */
export function writeTestTrades(
  store: Store,
  rows: number,
  change: Partial<Omit<PartitionKey, "type">> = {},
): Promise<TickManifest> {
  const key = { ...TRADES_KEY, ...change };
  const startUs = dayStartUs(key.date);
  return writePartition(store, key, async ({ append }) => {
    for (let start = 0; start < rows; start += 30_000) {
      const count = Math.min(30_000, rows - start);
      const number = Float64Array.from({ length: count }, (_, i) => start + i);
      append(
        [
          number.map((i) => startUs + i - 7),
          number.map((i) => startUs + i),
          [...number].map((i) => `id'${i}`),
          Int8Array.from(number, (i) => (i % 3) - 1),
          number.map((i) => 1 + i / 4),
          number.map((i) => 0.1 * (i + 1)),
        ],
        count,
      );
    }
    const source = { kind: "file", path: "x.csv.gz", bytes: 1, sha256: "0".repeat(64) } as const;
    return { source, rejected: {} };
  });
}
