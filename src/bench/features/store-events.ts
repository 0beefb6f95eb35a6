import type { SymbolDay } from "../../store/read.js";
import type { Store } from "../../store/store.js";
import { type PartitionSink, writePartition } from "../../store/write.js";
import type { MadeMarket } from "./open-block.js";

const ORIGIN = {
  source: { kind: "file", path: "made, seeded", bytes: 0, sha256: "0".repeat(64) },
  rejected: {},
} as const;

/** Puts the events of a day, block after block, into a store. */
export async function storeEvents(
  store: Store,
  day: SymbolDay,
  blocks: Iterable<MadeMarket>,
): Promise<void> {
  const book = { ...day, type: "incremental_book_L2" } as const;
  await writePartition(store, { ...day, type: "trades" }, async (trades) => {
    await writePartition(store, book, async (changes) => {
      let count = 0;
      for (const block of blocks) {
        appendChanges(changes, block);
        count += appendTrades(trades, block, count);
      }
      return ORIGIN;
    });
    return ORIGIN;
  });
}

function appendChanges({ append }: PartitionSink, { bookChanges }: MadeMarket): void {
  const { timestampUs, localTimestampUs, isSnapshot, side, price, amount } = bookChanges;
  append([timestampUs, localTimestampUs, isSnapshot, side, price, amount], price.length);
}

function appendTrades({ append }: PartitionSink, { trades }: MadeMarket, firstId: number): number {
  const { timestampUs, localTimestampUs, side, price, amount } = trades;
  const ids = Array.from(price, (_, i) => String(firstId + i));
  append([timestampUs, localTimestampUs, ids, side, price, amount], price.length);
  return price.length;
}
