// Leaks in the evaluated data alone, which no pipeline of a canary's own would show.
import { cp, rm } from "node:fs/promises";
import path from "node:path";
import { isShortfall } from "../../core/shortfall.js";
import { MINUTE_US } from "../../core/time.js";
import { buildDataset } from "../../dataset/build-dataset.js";
import { walkForwardFolds } from "../../dataset/folds.js";
import type { Dataset } from "../../dataset/matrix.js";
import { outcomeOf } from "../../dataset/outcome.js";
import type { RunEvents } from "../../evaluation/canaries/event-series.js";
import { rebuiltRows } from "../../evaluation/canaries/rebuilt-rows.js";
import { computeFeatures } from "../../features/compute-features.js";
import { featuresFolder } from "../../features/feature-partition.js";
import { readDerived, writeDerived } from "../../store/derived.js";
import type { SymbolDay } from "../../store/read.js";
import { openStore, type Store } from "../../store/store.js";
import type { BookChanges, Trades } from "../../store/tables.js";
import { writePartition } from "../../store/write.js";
import type { FaultResult } from "../campaign.js";
import { Tally } from "../tally.js";
import { DATE, leakEvents, NAMES, SYMBOLS } from "./leak-market.js";
import { usableWhereMoved } from "./leaky-data.js";
import type { LeakRun } from "./run-leaks.js";

/** A way for the future to get into a dataset though its pipeline is honest. */
export interface StoredLeak {
  readonly name: string;
  readonly fault: string;
  readonly plant: (dataset: Dataset, store: Store) => Promise<Dataset>;
}

const EXCHANGE = "simulated";

/** One day. */
const BARS = 1440;

/** Share of the rows that is left out by outcome. */
const LEFT_OUT_SHARE = 0.3;

/** Leaks in stored data, in the order they are planted. */
export const STORED_LEAKS: readonly StoredLeak[] = [
  {
    name: "data-next-bar",
    fault: "inputs of the next bar, in the data alone",
    plant: async (dataset) => {
      const inputs = dataset.inputs.slice();
      inputs.copyWithin(0, dataset.featureNames.length);
      return { ...dataset, inputs };
    },
  },
  {
    name: "data-label-shift",
    fault: "label a bar early, in the data alone",
    plant: async (dataset) => {
      const labelReturn = ofRowBefore(dataset.labelReturn);
      return { ...dataset, labelReturn, outcome: Float32Array.from(labelReturn, outcomeOf) };
    },
  },
  {
    name: "data-entry",
    fault: "entry before the decision, in the data alone",
    plant: async (dataset) => ({ ...dataset, entryPrice: ofRowBefore(dataset.entryPrice) }),
  },
  {
    name: "data-outcome",
    fault: "rows chosen by their outcome, in the data alone",
    plant: async (dataset) => ({ ...dataset, isUsable: usableWhereMoved(dataset, LEFT_OUT_SHARE) }),
  },
  {
    name: "data-table",
    fault: "a stored feature of the next bar, hashed again",
    plant: async ({ horizonBars }, store) => {
      await alterTables(store, "tfi", (tfi) => tfi.slice().copyWithin(0, 1));
      return await datasetOf(store, horizonBars);
    },
  },
  {
    name: "data-table-outcome",
    fault: "no stored mid where the price hardly moves, hashed again",
    plant: async (dataset, store) => {
      const { symbolIndex, horizonBars } = dataset;
      const kept = usableWhereMoved(dataset, LEFT_OUT_SHARE);
      await alterTables(store, "mid", (mid, s) => {
        const from = symbolIndex.indexOf(s);
        return mid.map((value, i) =>
          kept[from + i] === dataset.isUsable[from + i] ? value : Number.NaN,
        );
      });
      return await datasetOf(store, horizonBars);
    },
  },
];

/** Alters a column of each symbol's stored features, and hashes the tables again. */
async function alterTables(
  store: Store,
  name: string,
  altered: (column: Float64Array, symbol: number) => Float64Array,
): Promise<void> {
  for (const [s, symbol] of SYMBOLS.entries()) {
    const folder = featuresFolder({ exchange: EXCHANGE, symbol, date: DATE }, MINUTE_US);
    const { columns, manifest } = await readDerived(store, folder);
    const column = altered(columns[name] as Float64Array, s);
    await writeDerived(store, folder, { ...columns, [name]: column }, manifest.origin);
  }
}

/** A stored market without a leak, and its data. */
export interface HonestMarket {
  readonly root: string;
  readonly dataset: Dataset;
  /** What the rows that are rebuilt from its events say. */
  readonly isRight: boolean;
}

/**
 * Stores a market, computes its features and asks the rows that are rebuilt from its events.
 *
 * @param root - of the store, not there yet
 */
export async function honestMarket(
  root: string,
  { seed, horizonBars }: { readonly seed: number; readonly horizonBars: number },
): Promise<HonestMarket> {
  const store = await openStore(root);
  await storeMarket(store, seed, horizonBars);
  const dataset = await datasetOf(store, horizonBars);
  const isHonest = await isRight(store, dataset, seed);
  await store.close();
  return { root, dataset, isRight: isHonest };
}

/** Markets to plant leaks in, and a folder for the stores that are altered, which are removed again. */
export interface StoredRun extends LeakRun {
  readonly folder: string;
  /** Markets of seeds, where they were made before. */
  readonly markets?: ReadonlyMap<number, HonestMarket>;
}

/**
 * Plants a leak in the data of one stored market after the other, and asks the rows that are rebuilt from events; before it
 * they must be right.
 */
export async function plantStoredLeak(
  { fault, plant }: StoredLeak,
  { seeds, horizonBars, onTry, folder, markets }: StoredRun,
): Promise<FaultResult> {
  const tally = new Tally(fault);
  let falseAlarms = 0;
  for (const seed of seeds) {
    const honest = path.join(folder, `honest-${seed}`);
    const market = markets?.get(seed) ?? (await honestMarket(honest, { seed, horizonBars }));
    falseAlarms += Number(!market.isRight);
    const root = path.join(folder, `leaks-${seed}`);
    await cp(market.root, root, { recursive: true });
    const store = await openStore(root);
    const leaky = await plant(market.dataset, store);
    const isCaught = !(await isRight(store, leaky, seed));
    tally.add(isCaught ? "detected" : "silent", `seed ${seed}: caught by nothing`);
    await store.close();
    await rm(root, { recursive: true });
    await rm(honest, { recursive: true, force: true });
    onTry?.();
  }
  return { ...tally.result("caught by rows rebuilt from events"), falseAlarms };
}

async function isRight(store: Store, dataset: Dataset, seed: number): Promise<boolean> {
  const folds = walkForwardFolds(dataset);
  if (isShortfall(folds)) throw new Error(`${BARS} bars were too few for a fold`);
  const canary = await rebuiltRows(store, dataset, folds, { seed });
  if (isShortfall(canary)) throw new Error(`the store has no ${canary.what}`);
  return canary.isRight;
}

async function datasetOf(store: Store, horizonBars: number): Promise<Dataset> {
  const market = { exchange: EXCHANGE, symbols: SYMBOLS, days: [DATE] };
  return await buildDataset(store, { ...market, features: NAMES, horizonBars });
}

async function storeMarket(store: Store, seed: number, horizonBars: number): Promise<void> {
  const events = leakEvents({ seed, bars: BARS, horizonBars, edge: 0 });
  for (const [s, symbol] of SYMBOLS.entries()) {
    await storeRuns(store, { exchange: EXCHANGE, symbol, date: DATE }, events[s]!);
  }
  await computeFeatures(store, { exchange: EXCHANGE, symbols: SYMBOLS, days: [DATE], threads: 1 });
}

async function storeRuns(store: Store, day: SymbolDay, runs: readonly RunEvents[]): Promise<void> {
  const source = { kind: "file", path: "made, seeded", bytes: 0, sha256: "0".repeat(64) } as const;
  const origin = { source, rejected: {} };
  let count = 0;
  await writePartition(store, { ...day, type: "trades" }, async ({ append }) => {
    for (const { timestampUs, localTimestampUs, side, price, amount } of runs.flatMap(tradesOf)) {
      const ids = Array.from(price, () => String(count++));
      append([timestampUs, localTimestampUs, ids, side, price, amount], price.length);
    }
    return origin;
  });
  await writePartition(store, { ...day, type: "incremental_book_L2" }, async ({ append }) => {
    for (const changes of runs.flatMap(changesOf)) {
      const { timestampUs, localTimestampUs, isSnapshot, side, price, amount } = changes;
      append([timestampUs, localTimestampUs, isSnapshot, side, price, amount], price.length);
    }
    return origin;
  });
}

function tradesOf({ trades }: RunEvents): readonly Trades[] {
  return [...trades()];
}

function changesOf({ bookChanges }: RunEvents): readonly BookChanges[] {
  return [...(bookChanges?.() ?? [])];
}

/** Each row gets the value of the row before. */
function ofRowBefore(column: Float64Array): Float64Array {
  return column.map((value, row) => column[row - 1] ?? value);
}
