import fc from "fast-check";
import { expect, test } from "vitest";
import { changeColumns, slice, tradeColumns } from "../../../features/test-market.js";
import { Replay } from "../../../market/replay.js";
import { CutEvents } from "./cut-events.js";

const ROW = { price: 100, amount: 1, side: 1 } as const;

/** A table in batches of so many rows, empty ones among them. */
async function* batches<Table extends ReturnType<typeof tradeColumns | typeof changeColumns>>(
  table: Table,
  size: number,
): AsyncGenerator<Table> {
  for (let from = 0; from < table.price.length; from += size) {
    yield slice(table, from, Math.min(from + size, table.price.length));
    yield slice(table, 0, 0);
  }
}

const times = fc
  .array(fc.integer({ min: 0, max: 40 }), { maxLength: 30 })
  .map((all) => all.sort((a, b) => a - b));

test("all events before a time are told, and none of it or later, however they come in batches", async () => {
  await fc.assert(
    fc.asyncProperty(
      times,
      times,
      times,
      fc.integer({ min: 1, max: 7 }),
      async (trades, changes, cuts, size) => {
        const told: number[] = [];
        const onEvent = (localUs: number): void => void told.push(localUs);
        const replay = new Replay({ onTrade: onEvent, onBook: onEvent });
        const rows = changes.map((timeUs) => ({ ...ROW, timeUs, isSnapshot: true }));
        const events = new CutEvents({
          trades: batches(tradeColumns(trades.map((timeUs) => ({ ...ROW, timeUs }))), size),
          bookChanges: batches(changeColumns(rows), size),
        });
        // A book has one state a time, after the trades of that time.
        const all = [...trades, ...new Set(changes)].sort((a, b) => a - b);
        for (const cutUs of [...cuts, 100]) {
          await events.tell(replay, cutUs);
          expect(told).toEqual(all.filter((timeUs) => timeUs < cutUs));
          expect(await events.hasMore()).toBe(told.length < all.length);
        }
        await events.close();
      },
    ),
    { seed: 1, numRuns: 100 },
  );
});
