import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { storeCandles } from "../audit/sources/test-sources.js";
import { OptionError } from "../core/errors.js";
import { DAY_US, dateOf, HOUR_US } from "../core/time.js";
import { computeFeatures } from "../features/compute-features.js";
import { featuresFolder } from "../features/feature-partition.js";
import { dayOfHours, plantAudit } from "../features/test-audit.js";
import { BAR_US, START_US, storeMarket, syntheticMarket } from "../features/test-market.js";
import { readDerived, writeDerived } from "../store/derived.js";
import { partitionFolder } from "../store/partition.js";
import { AUDIT_VERSION } from "../store/present-audit.js";
import { openStore, type Store } from "../store/store.js";
import { writePartition } from "../store/write.js";
import { buildDataset } from "./build-dataset.js";
import { type SymbolFeatures, symbolFeatures } from "./symbol-features.js";

const DATE = dateOf(START_US);
const SYMBOLS = ["BTCUSDT", "ETHUSDT"];
const PLACE = "--exchange simulated --symbols ETHUSDT --from 2024-10-03 --to 2024-10-04";
const day = (symbol: string) => ({ exchange: "simulated", symbol, date: DATE });

let root: string;
let store: Store;

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), "tickbook-stale-"));
  store = await openStore(root);
  for (const [i, symbol] of SYMBOLS.entries()) {
    await storeMarket(store, day(symbol), syntheticMarket(i, 60));
    await plantAudit(store, day(symbol), dayOfHours());
  }
  await join();
});

afterEach(async () => {
  await store.close();
  await rm(root, { recursive: true, force: true });
});

async function join(): Promise<void> {
  const request = { exchange: "simulated", symbols: SYMBOLS, days: [DATE], barUs: BAR_US };
  await computeFeatures(store, request);
}

const read = async (): Promise<readonly SymbolFeatures[]> =>
  await symbolFeatures(
    store,
    SYMBOLS.map((symbol) => ({ exchange: "simulated", symbol, days: [DATE], barUs: BAR_US })),
    ["tfi"],
  );

const verdicts = async (): Promise<readonly (readonly string[])[]> =>
  (await read()).map(({ verdict }) => [...new Set(verdict)]);

/** What the refusal says, which ends a command with 2. */
async function refusal(): Promise<string> {
  try {
    await read();
  } catch (error) {
    expect(error).toBeInstanceOf(OptionError);
    expect((error as OptionError).exitCode).toBe(2);
    return (error as OptionError).message;
  }
  return "";
}

test("features and the present audit agree, and every row has its verdict", async () => {
  expect(await verdicts()).toEqual([["good"], ["good"]]);
});

test("an audit that came after the features is not read past: the command that joins it is named", async () => {
  await plantAudit(
    store,
    day("ETHUSDT"),
    dayOfHours(() => "bad"),
  );
  const said = await refusal();
  expect(said).toContain(
    `features of simulated ETHUSDT from ${DATE}: were joined with the verdicts of another audit`,
  );
  expect(said).toContain(`\`npx tickbook features ${PLACE} --bar 1s\``);
  expect(said).not.toContain("npx tickbook audit");
  await expect(
    buildDataset(store, { exchange: "simulated", symbols: SYMBOLS, days: [DATE], barUs: BAR_US }),
  ).rejects.toThrow(OptionError);
  await join();
  expect(await verdicts()).toEqual([["good"], ["bad"]]);
});

test("a first audit after features that nobody had audited is not read past either", async () => {
  await rm(path.join(root, "audit"), { recursive: true });
  await join();
  expect(await verdicts()).toEqual([["unknown"], ["unknown"]]);
  for (const symbol of SYMBOLS) await plantAudit(store, day(symbol), dayOfHours());
  expect(await refusal()).toMatch(/npx tickbook features .* --symbols BTCUSDT,ETHUSDT /);
});

test("an audit that is gone is asked for again", async () => {
  await rm(path.join(root, "audit/exchange=simulated/symbol=ETHUSDT"), { recursive: true });
  expect(await refusal()).toContain(
    `audit with \`npx tickbook audit ${PLACE}\` and join them again with \`npx tickbook features`,
  );
});

test("data that was fetched again is neither labelled nor judged by what stood there before", async () => {
  await storeMarket(store, day("ETHUSDT"), { trades: syntheticMarket(9, 60).trades });
  expect(await refusal()).toContain(`npx tickbook audit ${PLACE}`);
  await join();
  expect(await verdicts()).toEqual([["good"], ["unknown"]]);
});

test("a book that came after the features is other data too", async () => {
  await rm(path.join(root, "lake/incremental_book_L2"), { recursive: true });
  await store.close();
  store = await openStore(root);
  await join();
  await storeMarket(store, day("BTCUSDT"), { bookChanges: syntheticMarket(0, 60).bookChanges });
  expect(await refusal()).toContain("made from other data");
});

test("features whose ticks were put away can still be read", async () => {
  await rm(path.join(root, "lake"), { recursive: true });
  expect(await verdicts()).toEqual([["good"], ["good"]]);
});

const QUOTES = { type: "quotes", ...day("ETHUSDT") } as const;

/** One quote, which no feature is made from but every audit holds against the book. */
async function storeQuote(bidPrice: number): Promise<void> {
  const time = Float64Array.of(START_US);
  const [price, amount] = [Float64Array.of(bidPrice), Float64Array.of(1)];
  await writePartition(store, QUOTES, async ({ append }) => {
    append([time, time, amount, price.map((bid) => bid + 1), price, amount], 1);
    const source = { kind: "file", path: "x", bytes: 1, sha256: "0".repeat(64) } as const;
    return { source, rejected: {} };
  });
}

test("quotes that came, changed or went after the audit make its verdicts another audit's", async () => {
  const mended = async (): Promise<readonly (readonly string[])[]> => {
    await plantAudit(store, day("ETHUSDT"), dayOfHours());
    await join();
    return await verdicts();
  };
  const command = `audit with \`npx tickbook audit ${PLACE}\` and join them again with \`npx tickbook features`;
  await storeQuote(100);
  expect(await refusal()).toContain(command);
  expect(await mended()).toEqual([["good"], ["good"]]);
  await storeQuote(7);
  expect(await refusal()).toContain(command);
  expect(await mended()).toEqual([["good"], ["good"]]);
  await rm(store.path(partitionFolder(QUOTES)), { recursive: true });
  expect(await refusal()).toContain(command);
  expect(await mended()).toEqual([["good"], ["good"]]);
});

test("candles of the same symbol that come, change or are audited are no news of ticks", async () => {
  const made = await read();
  for (const close of [100, 101]) {
    const one = Float64Array.of(close);
    const candles = { startUs: START_US, open: one, high: one, low: one, close: one, volume: one };
    await storeCandles(store, day("ETHUSDT"), candles);
    expect(await read()).toEqual(made);
    await plantAudit(store, day("ETHUSDT"), [
      ...dayOfHours(),
      { type: "candles", hour: 23, verdict: close === 100 ? "good" : "bad" },
    ]);
    expect(await read()).toEqual(made);
    await join();
    expect(await read()).toEqual(made);
  }
});

test("the refusal says what changed, of which days", async () => {
  await storeQuote(100);
  expect(await refusal()).toContain(`quotes came after the audit (ETHUSDT ${DATE})`);
  await plantAudit(
    store,
    day("ETHUSDT"),
    dayOfHours((_, type) => (type === "trades" ? "bad" : "good")),
  );
  expect(await refusal()).toContain(`the audit judges trades otherwise (ETHUSDT ${DATE})`);
  await join();
  await storeMarket(store, day("ETHUSDT"), { trades: syntheticMarket(9, 60).trades });
  expect(await refusal()).toContain(`trades are others (ETHUSDT ${DATE})`);
  await plantAudit(store, day("ETHUSDT"), dayOfHours());
  await join();
  await rm(path.join(root, "audit"), { recursive: true });
  expect(await refusal()).toContain(`there is no audit (BTCUSDT ${DATE} and 1 more day)`);
});

test.each([
  ["version", { version: AUDIT_VERSION - 1 }],
  [
    "thresholds",
    { settings: { order: { exchangeBackSeconds: 2 } }, changed: ["order.exchangeBackSeconds"] },
  ],
])("verdicts by another %s than those in force are not read past", async (_, otherwise) => {
  await plantAudit(store, day("ETHUSDT"), dayOfHours(), otherwise);
  expect(await refusal()).toContain(`npx tickbook audit ${PLACE}`);
  await join();
  expect(await verdicts()).toEqual([["good"], ["unknown"]]);
});

test("a table without a word on its verdicts is refused", async () => {
  const folder = featuresFolder(day("ETHUSDT"), BAR_US);
  const { columns } = await readDerived(store, folder);
  await writeDerived(store, folder, columns, {});
  expect(await refusal()).toContain("npx tickbook features");
});

test("features of another staleness or another catalogue are not read past", async () => {
  const request = { exchange: "simulated", symbols: SYMBOLS, days: [DATE], barUs: BAR_US };
  await computeFeatures(store, { ...request, staleAfterUs: 3e6 });
  expect(await refusal()).toMatch(/by other settings.*npx tickbook features .*BTCUSDT,ETHUSDT/);
  await join();
  expect(await refusal()).toBe("");
  const folder = featuresFolder(day("ETHUSDT"), BAR_US);
  const { manifest, columns } = await readDerived(store, folder);
  await writeDerived(store, folder, columns, { ...manifest.origin, catalogue: "f".repeat(64) });
  expect(await refusal()).toContain(PLACE);
});

test("a day that goes on from a day that was computed anew is stale too, and the command covers it", async () => {
  const days = [0, 1, 2].map((i) => dateOf(START_US + i * DAY_US));
  const market = (i: number, seed: number) => {
    const { trades } = syntheticMarket(seed, 60);
    return {
      trades: { ...trades, localTimestampUs: trades.localTimestampUs.map((t) => t + i * DAY_US) },
    };
  };
  const keys = days.map((date) => ({ exchange: "simulated", symbol: "CHAIN", date }));
  for (const [i, key] of keys.entries()) await storeMarket(store, key, market(i, i));
  // Hours are long enough where a day goes on to its end.
  const range = { exchange: "simulated", symbol: "CHAIN", days, barUs: HOUR_US };
  const request = { ...range, symbols: ["CHAIN"] };
  await computeFeatures(store, request);
  const all = async (): Promise<string> =>
    await symbolFeatures(store, [range], ["tfi"]).then(
      () => "",
      (error: Error) => error.message,
    );
  expect(await all()).toBe("");
  await storeMarket(store, keys[0]!, market(0, 9));
  const end = dateOf(START_US + 3 * DAY_US);
  expect(await all()).toContain(`--from ${days[0]} --to ${end} --bar 1h`);
  await computeFeatures(store, { ...request, days: days.slice(0, 1) });
  expect(await all()).toContain(`--from ${days[1]} --to ${end} --bar 1h`);
  await computeFeatures(store, { ...request, days: days.slice(1) });
  expect(await all()).toBe("");
});
