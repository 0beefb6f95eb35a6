import fc from "fast-check";
import { expect, test } from "vitest";
import type { BookChanges, BookSnapshots, Trades } from "../store/tables.js";
import type { BookView } from "./book-view.js";
import type { MarketListener } from "./market-stream.js";
import { Replay } from "./replay.js";
import { SnapshotBook } from "./snapshot-book.js";
import { sliceSnapshots, snapshotColumns } from "./test-snapshots.js";
import { changesAt, tradesAt } from "./test-tables.js";

const slice = <Table extends Trades | BookChanges>(table: Table, from: number, to: number): Table =>
  Object.fromEntries(
    Object.entries(table).map(([name, column]) => [name, column.subarray(from, to)]),
  ) as unknown as Table;

/** Batches of random lengths, some empty. */
const cut = <Table extends Trades | BookChanges>(
  table: Table,
  lengths: readonly number[],
): Table[] => {
  const batches: Table[] = [];
  let from = 0;
  for (const length of lengths) {
    batches.push(slice(table, from, from + length));
    from += length;
  }
  return [...batches, slice(table, from, table.price.length)];
};

async function* stream<Table>(batches: readonly Table[]): AsyncGenerator<Table> {
  for (const batch of batches) yield batch;
}

/** Writes down what it is told. */
function recorder(): { told: string[]; listener: MarketListener } {
  const told: string[] = [];
  const listener: MarketListener = {
    onTime: (localUs) => told.push(`time ${localUs}`),
    onTrade: (localUs, _exchangeUs, _side, price) => told.push(`trade ${localUs} ${price}`),
    onBook: (localUs, book: BookView) => told.push(`book ${localUs} ${book.bidLevels}`),
  };
  return { told, listener };
}

const times = fc
  .array(fc.integer({ min: 0, max: 12 }), { maxLength: 40 })
  .map((list) => list.sort((a, b) => a - b));

/** What has to be told, from the definition: sort all by time, trades first, one book state a time. */
function expected(tradeTimes: readonly number[], bookTimes: readonly number[]): string[] {
  const all = [...new Set([...tradeTimes, ...bookTimes])].sort((a, b) => a - b);
  return all.flatMap((time) => [
    `time ${time}`,
    ...tradeTimes.flatMap((t, i) => (t === time ? [`trade ${t} ${i}`] : [])),
    ...(bookTimes.includes(time)
      ? [`book ${time} ${bookTimes.filter((t) => t <= time).length}`]
      : []),
  ]);
}

test("events come in arrival order, trades first, one book state for each arrival time, however batches are cut", async () => {
  const lengths = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(times, times, lengths, lengths, async (tradeTimes, bookTimes, a, b) => {
      const { told, listener } = recorder();
      const replay = new Replay(listener);
      await replay.run({
        trades: stream(cut(tradesAt(tradeTimes), a)),
        bookChanges: stream(cut(changesAt(bookTimes), b)),
      });
      replay.finish();
      expect(told).toEqual(expected(tradeTimes, bookTimes));
      const counts = { trades: tradeTimes.length, bookChanges: bookTimes.length };
      expect(replay.counts).toEqual({ ...counts, bookSnapshots: 0 });
    }),
    { seed: 3, numRuns: 300 },
  );
});

test("pieces of a stream, cut anywhere in time, are told as the whole is", async () => {
  await fc.assert(
    fc.asyncProperty(times, times, fc.integer({ min: 0, max: 12 }), async (trades, book, at) => {
      const { told, listener } = recorder();
      const replay = new Replay(listener);
      const before = (list: readonly number[]): number => list.filter((time) => time < at).length;
      const [t, b] = [before(trades), before(book)];
      const [tradeTable, bookTable] = [tradesAt(trades), changesAt(book)];
      await replay.run({
        trades: [slice(tradeTable, 0, t)],
        bookChanges: [slice(bookTable, 0, b)],
      });
      await replay.run({
        trades: [slice(tradeTable, t, trades.length)],
        bookChanges: [slice(bookTable, b, book.length)],
      });
      replay.finish();
      expect(told).toEqual(expected(trades, book));
    }),
    { seed: 4, numRuns: 200 },
  );
});

test("a piece that ends within the rows of one arrival time leaves the state open for the next", async () => {
  const { told, listener } = recorder();
  const replay = new Replay(listener);
  const changes = changesAt([5, 5, 5, 6]);
  await replay.run({ bookChanges: [slice(changes, 0, 2)] });
  expect(told).toEqual(["time 5"]);
  await replay.run({ bookChanges: [slice(changes, 2, 4)], trades: [tradesAt([5])] });
  replay.finish();
  expect(told).toEqual(["time 5", "trade 5 0", "book 5 3", "time 6", "book 6 4"]);
});

test("a book without a snapshot has no states to tell", async () => {
  const { told, listener } = recorder();
  const replay = new Replay(listener);
  const changes = changesAt([1, 2]);
  await replay.run({ bookChanges: [{ ...changes, isSnapshot: new Uint8Array(2) }] });
  replay.finish();
  expect(told).toEqual(["time 1", "time 2"]);
});

/** The row with number i shows i bids and one ask; so one sees which row a state is. */
const snapshotsAt = (times: readonly number[]): BookSnapshots => {
  const level = (i: number): readonly [number, number] => [i + 1, 1];
  const rows = times.map((timeUs, row) => ({
    timeUs,
    bids: Array.from({ length: row }, (_, i) => level(i)),
    asks: [level(99)],
  }));
  return snapshotColumns(rows, 25);
};

/** Which states have to be told: the last row of each arrival time, behind its trades. */
function expectedStates(tradeTimes: readonly number[], bookTimes: readonly number[]): string[] {
  const all = [...new Set([...tradeTimes, ...bookTimes])].sort((a, b) => a - b);
  return all.flatMap((time) => [
    `time ${time}`,
    ...tradeTimes.flatMap((t, i) => (t === time ? [`trade ${t} ${i}`] : [])),
    ...(bookTimes.includes(time) ? [`book ${time} ${bookTimes.lastIndexOf(time)}`] : []),
  ]);
}

test("snapshots that feed the book are told as changes are: behind the trades, the last of each arrival time, however cut", async () => {
  const few = fc
    .array(fc.integer({ min: 0, max: 12 }), { maxLength: 25 })
    .map((list) => list.sort((a, b) => a - b));
  const lengths = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(few, few, lengths, lengths, async (tradeTimes, bookTimes, a, b) => {
      const { told, listener } = recorder();
      const replay = new Replay(listener, { book: new SnapshotBook("book_snapshot_25") });
      const snapshots = snapshotsAt(bookTimes);
      const batches: BookSnapshots[] = [];
      let from = 0;
      for (const length of [...b, bookTimes.length]) {
        batches.push(sliceSnapshots(snapshots, from, from + length));
        from += length;
      }
      await replay.run({
        trades: stream(cut(tradesAt(tradeTimes), a)),
        bookSnapshots: stream(batches),
      });
      replay.finish();
      expect(told).toEqual(expectedStates(tradeTimes, bookTimes));
      const counts = { trades: tradeTimes.length, bookSnapshots: bookTimes.length };
      expect(replay.counts).toEqual({ ...counts, bookChanges: 0 });
    }),
    { seed: 5, numRuns: 200 },
  );
});

test("a piece that ends within the snapshots of one arrival time leaves the state open for the next", async () => {
  const { told, listener } = recorder();
  const replay = new Replay(listener, { book: new SnapshotBook("book_snapshot_25") });
  const snapshots = snapshotsAt([5, 5, 5, 6]);
  await replay.run({ bookSnapshots: [sliceSnapshots(snapshots, 0, 2)] });
  expect(told).toEqual(["time 5"]);
  await replay.run({ bookSnapshots: [sliceSnapshots(snapshots, 2)], trades: [tradesAt([5])] });
  replay.finish();
  expect(told).toEqual(["time 5", "trade 5 0", "book 5 2", "time 6", "book 6 3"]);
});

test("snapshots that do not feed the book are told row by row, and leave it as it is", async () => {
  const { told, listener } = recorder();
  const replay = new Replay({
    ...listener,
    onSnapshot: (localUs, _rows, row) => told.push(`snapshot ${localUs} ${row}`),
  });
  const snapshots = [snapshotsAt([3, 3])];
  await replay.run({ bookChanges: [changesAt([2, 3])], snapshots, shallowSnapshots: snapshots });
  replay.finish();
  const rows = ["snapshot 3 0", "snapshot 3 1"];
  expect(told).toEqual(["time 2", "book 2 1", "time 3", ...rows, ...rows, "book 3 2"]);
});

test("a book takes rows of its own source only", async () => {
  const { listener } = recorder();
  const shown = new Replay(listener, { book: new SnapshotBook("book_snapshot_25") });
  await expect(shown.run({ bookChanges: [changesAt([1])] })).rejects.toThrow(
    /changes .* made from book_snapshot_25/,
  );
  await expect(new Replay(listener).run({ bookSnapshots: [snapshotsAt([1])] })).rejects.toThrow(
    /snapshots .* made from incremental_book_L2/,
  );
});
