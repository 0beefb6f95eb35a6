// Stored days whose book comes from snapshots.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DAY_US, dateOf, MINUTE_US, SECOND_US } from "../core/time.js";
import { buildDataset } from "../dataset/build-dataset.js";
import type { SnapshotSource } from "../market/book-source.js";
import { readDerived } from "../store/derived.js";
import { openStore, type Store } from "../store/store.js";
import { FEATURES } from "./catalogue.js";
import { computeFeatures } from "./compute-features.js";
import { featuresFolder } from "./feature-partition.js";
import { labelMids } from "./label-mids.js";
import { BAR_US, START_US, storeMarket, syntheticMarket } from "./test-market.js";
import { shownMarket, shownRows, storeShown } from "./test-snapshots.js";

const DAY = { exchange: "simulated", symbol: "BTCUSDT", date: dateOf(START_US) };
const STALE_US = 3 * SECOND_US;
const REQUEST = {
  exchange: "simulated",
  symbols: ["BTCUSDT"],
  days: [DAY.date],
  barUs: BAR_US,
  staleAfterUs: STALE_US,
};
const MARKET = syntheticMarket(31, 590);

let root: string;
let store: Store;

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), "tickbook-shown-"));
  store = await openStore(root);
});

afterEach(async () => {
  await store.close();
  await rm(root, { recursive: true, force: true });
});

test.each<SnapshotSource>(["book_snapshot_25", "book_snapshot_5"])(
  "a store that has %s alone gives the rows of one engine, tagged with their source",
  async (bookSource) => {
    const shown = shownMarket(MARKET, bookSource);
    await storeShown(store, DAY, shown);
    const run = await computeFeatures(store, REQUEST);
    const rows = await shownRows(shown, { barUs: BAR_US, staleAfterUs: STALE_US, bookSource });
    expect(run.rows).toBe(rows.length);
    expect(run.eventsPerSecond).toBeGreaterThan(0);
    const { columns } = await readDerived(store, featuresFolder(DAY, BAR_US));
    expect(new Set(columns["source"] as readonly string[])).toEqual(new Set([bookSource]));
    FEATURES.forEach(({ name }, i) => {
      const stored = columns[name] as Float64Array;
      expect([name, stored.every((x, row) => Object.is(x, rows[row]!.values[i]))]).toEqual([
        name,
        true,
      ]);
    });
    const isDeep = (columns["obi_l20_decay"] as Float64Array).some((x) => !Number.isNaN(x));
    expect(isDeep).toBe(bookSource === "book_snapshot_25");
  },
);

test("changes come before snapshots; another kind on request replaces them, and never goes on from them", async () => {
  await storeMarket(store, DAY, MARKET);
  await storeShown(store, DAY, shownMarket(MARKET, "book_snapshot_5"));
  const tag = async (): Promise<string> => {
    const { columns } = await readDerived(store, featuresFolder(DAY, BAR_US), ["source"]);
    return (columns["source"] as readonly string[])[0]!;
  };
  await computeFeatures(store, REQUEST);
  expect(await tag()).toBe("incremental_book_L2");
  const next = { ...DAY, date: dateOf(START_US + DAY_US) };
  const days = [DAY.date, next.date];
  const second = shownMarket(
    {
      trades: { ...MARKET.trades, localTimestampUs: later(MARKET.trades.localTimestampUs) },
      bookChanges: {
        ...MARKET.bookChanges,
        localTimestampUs: later(MARKET.bookChanges.localTimestampUs),
      },
    },
    "book_snapshot_5",
  );
  await storeShown(store, next, second);
  const only = { ...REQUEST, days: [next.date] };
  const alone = await computeFeatures(store, only);
  expect(alone.partitions).toMatchObject([{ status: "written", isResumed: false }]);
  const { staleAfterUs: _, ...request } = REQUEST;
  for (const date of days) await computeFeatures(store, { ...request, days: [date] });
  await expect(buildDataset(store, { ...request, days, features: ["close"] })).rejects.toThrow(
    /incremental_book_L2 and of others from book_snapshot_5.*--book/,
  );
  const both = await computeFeatures(store, { ...REQUEST, days, bookSource: "book_snapshot_5" });
  expect(both.partitions.map(({ isResumed }) => isResumed)).toEqual([false, true]);
  expect(await tag()).toBe("book_snapshot_5");
});

const later = (times: Float64Array): Float64Array =>
  times.map((timeUs) => timeUs + 600 * SECOND_US);

test("labels are on the mids of the book that the features are made from; what it does not show is refused by name", async () => {
  const market = syntheticMarket(32, 500, { barUs: MINUTE_US });
  const day = { ...DAY, date: dateOf(START_US + DAY_US) };
  await storeMarket(store, day, market);
  const settings = { barUs: MINUTE_US, latencyUs: 500_000 };
  const expected = await labelMids(store, day, settings);
  await storeShown(store, { ...day, symbol: "SHOWN" }, shownMarket(market, "book_snapshot_5"));
  const shown = await labelMids(
    store,
    { ...day, symbol: "SHOWN" },
    { ...settings, bookSource: "book_snapshot_5" },
  );
  expect(shown!.mid).toEqual(expected!.mid);
  expect(shown!.mid.some((mid) => !Number.isNaN(mid))).toBe(true);
  const request = { exchange: "simulated", symbols: ["SHOWN"], days: [day.date] };
  await computeFeatures(store, request);
  const dataset = await buildDataset(store, request);
  expect(dataset.labelKind).toBe("mid");
  expect(dataset.entryPrice.some((price) => !Number.isNaN(price))).toBe(true);
  expect(dataset.featureNames).not.toContain("obi_l20_decay");
  await expect(
    buildDataset(store, { ...request, features: ["close", "obi_l20_decay"] }),
  ).rejects.toThrow(
    /obi_l20_decay: needs more levels of the order book than book_snapshot_5 shows/,
  );
});
