// For tests only: a store of ten minutes before and after a midnight, a run over those after it, and its journal in the embedded database.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { sql } from "kysely";
import { dateOf, dayStartUs } from "../../core/time.js";
import { catalogueHash } from "../../features/catalogue.js";
import { computeFeatures } from "../../features/compute-features.js";
import {
  BAR_US,
  rowsBefore,
  START_US,
  slice,
  storeMarket,
  syntheticMarket,
} from "../../features/test-market.js";
import { PROFILE_FILE, profileToBytes } from "../../models/input-profile.js";
import { predictorToBytes } from "../../models/predictor.js";
import { writeBundle } from "../../registry/bundles.js";
import { modelName, trialKey, versionOf } from "../../registry/trial.js";
import { recordTrial } from "../../registry/trials.js";
import { openStore, type Store } from "../../store/store.js";
import { storeFeed } from "../feed/store-feed.js";
import { storedStart } from "../feed/stored-start.js";
import { type JournalReader, openReader } from "../journal/open-reader.js";
import { liveRun } from "../live-run.js";
import type { RunSettings } from "../loop/run-settings.js";
import { MODEL, SETTINGS } from "../loop/test-run.js";
import { type LiveModel, openLiveModel } from "../signal/live-model.js";

export const SYMBOL = "BTCUSDT";
/** The day that leads to the run, and the run's. */
export const DAYS: readonly [string, string] = [dateOf(START_US), dateOf(START_US + 600 * BAR_US)];
export const BEGIN_US: number = dayStartUs(DAYS[1]);

/** A store with a run in its journal. */
export interface RunStore {
  readonly root: string;
  readonly store: Store;
  readonly journal: JournalReader;
  readonly model: LiveModel;
  /** Changes the database behind everybody's back. */
  readonly plant: (statement: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Bars that the run decides on. */
const BARS = 300;
const PLACE = { exchange: "simulated", symbol: SYMBOL };

/**
 * Makes the store and runs on it.
 *
 * @param options.mode - of the run, which is called `test`
 * @param options.seenTo - day after the last that the model's bundle says it has seen
 * @param options.changes - what of the run's settings differs from the tests'
 * @param options.steps - rows that the model looks at: more than one look back over midnight; with one it is as its bundle says
 */
export async function runStore({
  mode = "paper",
  seenTo = DAYS[1],
  steps = 5,
  changes = {},
}: {
  readonly mode?: "dry-run" | "paper";
  readonly seenTo?: string;
  readonly steps?: number;
  readonly changes?: Partial<RunSettings>;
} = {}): Promise<RunStore> {
  const root = await mkdtemp(path.join(tmpdir(), "tickbook-acceptance-"));
  const store = await openStore(root);
  await fillStore(store);
  const model = { ...(await trained(root, seenTo)), steps };
  const days = [DAYS[1]];
  const request = { ...PLACE, date: DAYS[1], barUs: BAR_US, steps: model.steps };
  await liveRun({
    ...{ root, model, feed: "replay", speed: Number.POSITIVE_INFINITY, databaseUrl: undefined },
    settings: { ...SETTINGS, mode, symbols: [SYMBOL], ...changes },
    source: storeFeed(store, { exchange: PLACE.exchange, days }),
    starts: [await storedStart(store, request)],
    ...{ beginUs: BEGIN_US, untilUs: BEGIN_US + BARS * BAR_US },
    ...{ monitor: {}, signal: new AbortController().signal },
  });
  const journal = await openReader({ data: root });
  const close = async (): Promise<void> => {
    await journal.close();
    await store.close();
    await rm(root, { recursive: true, force: true });
  };
  const plant = async (statement: string): Promise<void> => {
    await journal.ask((db) => sql.raw(statement).execute(db));
  };
  return { root, store, journal, model, plant, close };
}

/** A bundle of the tests' model, in a ledger. */
async function trained(root: string, seenTo: string): Promise<LiveModel> {
  const { predictor, profile, exchange, symbols, barUs, horizonBars, latencyUs } = MODEL;
  const identity = {
    ...{ model: "logistic", data: "test", code: "test", settings: {}, seed: 1, backend: "plain" },
  };
  const key = trialKey(identity);
  const name = { name: "logistic", version: versionOf(key), trial: key };
  const settings = { exchange, symbols, barUs, horizonBars, latencyUs, labelKind: "mid" };
  const origin = { folds: 1, origin: { source: "ticks" }, catalogueHash: catalogueHash() };
  const bundle = await writeBundle(root, {
    ...name,
    content: { ...settings, ...origin, from: seenTo, to: seenTo },
    files: {
      "fold1.safetensors": predictorToBytes(predictor),
      [PROFILE_FILE]: profileToBytes({ ...profile, shiftLimit: 1e9 }),
    },
  });
  const trial = await recordTrial(root, identity, { figures: { accuracy: 0.5 }, bundle });
  return await openLiveModel(root, modelName(trial), { isRehearsal: true });
}

async function fillStore(store: Store): Promise<void> {
  const { trades, bookChanges } = syntheticMarket(1, 600 + BARS);
  const at = { trades: rowsBefore(trades, BEGIN_US), book: rowsBefore(bookChanges, BEGIN_US) };
  const [first, second] = DAYS;
  await storeMarket(
    store,
    { ...PLACE, date: first },
    { trades: slice(trades, 0, at.trades), bookChanges: slice(bookChanges, 0, at.book) },
  );
  await storeMarket(
    store,
    { ...PLACE, date: second },
    { trades: slice(trades, at.trades), bookChanges: slice(bookChanges, at.book) },
  );
  const asked = { exchange: PLACE.exchange, symbols: [SYMBOL], days: DAYS };
  await computeFeatures(store, { ...asked, barUs: BAR_US, threads: 1 });
}
