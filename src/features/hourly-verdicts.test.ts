import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DAY_US, dateOf, dayStartUs, HOUR_US, SECOND_US } from "../core/time.js";
import { readDerived } from "../store/derived.js";
import { openStore, type Store } from "../store/store.js";
import { computeFeatures, type FeatureRun } from "./compute-features.js";
import { featuresFolder, storedInputs } from "./feature-partition.js";
import { hourlyVerdicts, type RowVerdict } from "./hourly-verdicts.js";
import { dayOfHours, type PlantedHour, plantAudit } from "./test-audit.js";
import {
  BAR_US,
  type Market,
  rowsBefore,
  START_US,
  slice,
  storeMarket,
  syntheticMarket,
} from "./test-market.js";

// The synthetic market begins ten minutes before midnight, so all of a day's rows lie in hour 23.
const DATE = dateOf(START_US);
const DAY = { exchange: "simulated", symbol: "BTCUSDT", date: DATE };
const REQUEST = { exchange: "simulated", symbols: ["BTCUSDT"], days: [DATE], barUs: BAR_US };
const INPUTS = ["trades", "incremental_book_L2"] as const;
const MARKET = syntheticMarket(5, 300);
const VERDICTS = ["good", "usable", "bad"] as const;

let root: string;
let store: Store;

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), "tickbook-verdicts-"));
  store = await openStore(root);
});

afterEach(async () => {
  await store.close();
  await rm(root, { recursive: true, force: true });
});

/** Hour 23 with a verdict of trades, of the book, of quotes. */
function lastHour(...verdicts: readonly (RowVerdict | undefined)[]): readonly PlantedHour[] {
  const types = ["trades", "incremental_book_L2", "quotes"] as const;
  return types.flatMap((type, i) => {
    const verdict = verdicts[i];
    return verdict === undefined ? [] : [{ type, hour: 23, verdict }];
  });
}

/** The verdict that all rows have after the audit left these hours. */
async function joined(
  hours: readonly PlantedHour[],
  market: Partial<Market> = MARKET,
): Promise<RowVerdict> {
  await storeMarket(store, DAY, market);
  await plantAudit(store, DAY, hours);
  const { verdicts, rows } = await computeFeatures(store, REQUEST);
  const [only] = Object.entries(verdicts).filter(([, count]) => count === rows);
  return only![0] as RowVerdict;
}

async function columnsOf(): Promise<Readonly<Record<string, unknown>>> {
  return (await readDerived(store, featuresFolder(DAY, BAR_US))).columns;
}

const outcome = ({ partitions, verdicts }: FeatureRun) => [partitions[0]!.status, verdicts];

test.each([
  [["good", "good"], "good"],
  [["good", "usable"], "usable"],
  [["bad", "good"], "bad"],
  // One of the two that are read was not looked at: nobody knows, unless the other is bad anyway.
  [["good", undefined], "unknown"],
  [[undefined, "usable"], "unknown"],
  [["bad", undefined], "bad"],
  // Features never read quotes.
  [["good", "good", "bad"], "good"],
  [[undefined, undefined, "good"], "unknown"],
  [[], "unknown"],
  // A word that this version does not know says nothing.
  [["good", "excellent"], "unknown"],
] as const)("trades, book and quotes %j make rows %s", async (verdicts, expected) => {
  expect(await joined(lastHour(...(verdicts as readonly RowVerdict[])))).toBe(expected);
});

test("a trade tape needs no verdict of a book that it does not have", async () => {
  const { trades } = MARKET;
  expect(await joined(lastHour("usable"), { trades })).toBe("usable");
});

test("verdicts of other data are none: after new trades, the old good is unknown; after an audit of them it is back", async () => {
  expect(await joined(lastHour("good", "good"))).toBe("good");
  await storeMarket(store, DAY, { trades: syntheticMarket(6, 300).trades });
  const stale = await computeFeatures(store, REQUEST);
  expect(outcome(stale)).toEqual(["written", { good: 0, usable: 0, bad: 0, unknown: stale.rows }]);
  await plantAudit(store, DAY, lastHour("good", "good"));
  const fresh = await computeFeatures(store, REQUEST);
  expect(outcome(fresh)).toEqual(["written", { good: fresh.rows, usable: 0, bad: 0, unknown: 0 }]);
  expect(fresh.eventsPerSecond).toBe(0);
});

test("an audit of another trades file still speaks of the book", async () => {
  await storeMarket(store, DAY, MARKET);
  const inputs = await storedInputs(store, DAY, INPUTS);
  await plantAudit(store, DAY, lastHour("good", "usable"));
  const { over, source } = await hourlyVerdicts(store, DAY, inputs);
  expect(over(START_US, START_US + BAR_US)).toBe("usable");
  expect(source.trades).not.toBeNull();
  const other = await hourlyVerdicts(store, DAY, { ...inputs, trades: "f".repeat(64) });
  expect([other.source.trades, other.source.incremental_book_L2]).toEqual([
    null,
    source.incremental_book_L2,
  ]);
});

test("what an audit says of quotes or candles is no part of what it says of trades and the book", async () => {
  await storeMarket(store, DAY, MARKET);
  const inputs = await storedInputs(store, DAY, INPUTS);
  const sourceOf = async (...verdicts: readonly RowVerdict[]) => {
    await plantAudit(store, DAY, lastHour(...verdicts));
    return (await hourlyVerdicts(store, DAY, inputs)).source;
  };
  const source = await sourceOf("good", "usable", "good");
  expect(await sourceOf("good", "usable", "bad")).toEqual(source);
  const other = await sourceOf("good", "bad", "good");
  expect(other.trades).toBe(source.trades);
  expect(other.incremental_book_L2).not.toBe(source.incremental_book_L2);
});

test("a bar has the worst verdict of the hours it touches; one that ends with the hour touches no later one", async () => {
  await storeMarket(store, DAY, MARKET);
  const bad = dayOfHours((hour) => (hour === 10 ? "bad" : hour === 12 ? "usable" : "good"));
  await plantAudit(store, DAY, bad);
  const { over } = await hourlyVerdicts(store, DAY, await storedInputs(store, DAY, INPUTS));
  const at = (from: number, to: number): string =>
    over(dayStartUs(DATE) + from * HOUR_US, dayStartUs(DATE) + to * HOUR_US);
  expect([at(9.5, 10), at(9.5, 10.01), at(10.9, 11), at(11, 12), at(8, 12), at(11, 13)]).toEqual([
    "good",
    "bad",
    "bad",
    "good",
    "bad",
    "usable",
  ]);
});

test("a second run keeps the day and still counts its verdicts", async () => {
  await joined(lastHour("usable", "good"));
  const { verdicts, rows, partitions } = await computeFeatures(store, REQUEST);
  expect(partitions[0]).toMatchObject({ status: "kept", verdicts });
  expect(verdicts).toEqual({ good: 0, usable: rows, bad: 0, unknown: 0 });
});

test("whatever the verdicts, and whether they come before the features or after, all other columns keep their bits", async () => {
  await storeMarket(store, DAY, MARKET);
  await computeFeatures(store, REQUEST);
  const { verdict: none, ...without } = await columnsOf();
  expect(new Set(none as string[])).toEqual(new Set(["unknown"]));
  const choice = fc.option(fc.constantFrom(...VERDICTS), { nil: undefined });
  await fc.assert(
    fc.asyncProperty(choice, choice, choice, fc.boolean(), async (a, b, c, isFirst) => {
      await plantAudit(store, DAY, lastHour(a, b, c));
      // Either the column is joined to what is there, or everything is computed beside the verdicts.
      if (isFirst) await rm(path.join(root, "features"), { recursive: true, force: true });
      const run = await computeFeatures(store, REQUEST);
      expect(run.eventsPerSecond > 0).toBe(isFirst);
      const { verdict, ...others } = await columnsOf();
      expect(others).toEqual(without);
      expect((verdict as string[]).length).toBe((none as string[]).length);
    }),
    { seed: 17, numRuns: 12 },
  );
});

test("the day after goes on from the same state, so its values do not hang on verdicts either", async () => {
  const next = { ...DAY, date: dateOf(dayStartUs(DATE) + DAY_US) };
  const market = syntheticMarket(7, 630);
  const midnight = START_US + 600 * SECOND_US;
  const cut = (isFirst: boolean): Market => {
    const { trades, bookChanges } = market;
    const [t, b] = [rowsBefore(trades, midnight), rowsBefore(bookChanges, midnight)];
    return isFirst
      ? { trades: slice(trades, 0, t), bookChanges: slice(bookChanges, 0, b) }
      : { trades: slice(trades, t), bookChanges: slice(bookChanges, b) };
  };
  await storeMarket(store, DAY, cut(true));
  await storeMarket(store, next, cut(false));
  const request = { ...REQUEST, days: [DATE, next.date] };
  await computeFeatures(store, request);
  const before = (await readDerived(store, featuresFolder(next, BAR_US))).columns;
  await plantAudit(store, DAY, lastHour("bad", "bad"));
  const run = await computeFeatures(store, request);
  expect(run.partitions.map(({ status }) => status)).toEqual(["written", "kept"]);
  expect((await readDerived(store, featuresFolder(next, BAR_US))).columns).toEqual(before);
});
