// For tests only: a store with a day of events, features of the day before, and a model that somebody promoted.
import { dateOf, dayStartUs } from "../core/time.js";
import { catalogueHash } from "../features/catalogue.js";
import { computeFeatures } from "../features/compute-features.js";
import {
  BAR_US,
  rowsBefore,
  START_US,
  slice,
  storeMarket,
  syntheticMarket,
} from "../features/test-market.js";
import { PROFILE_FILE, profileToBytes } from "../models/input-profile.js";
import { predictorToBytes } from "../models/predictor.js";
import { promote } from "../registry/promotion.js";
import { evaluateTrial, trainTrial } from "../registry/test-registry.js";
import { versionOf } from "../registry/trial.js";
import { openStore } from "../store/store.js";
import { MODEL, SYMBOLS } from "./loop/test-run.js";

/** The day that is replayed, ten minutes of it; the ten minutes before are the day before's. */
export const LIVE_DAY: string = dateOf(START_US + 600 * BAR_US);
const DAY_BEFORE = dateOf(START_US);

/** Fills a folder with it. */
export async function makeLiveStore(
  root: string,
  { isPromoted = true }: { readonly isPromoted?: boolean } = {},
): Promise<{ readonly model: string }> {
  const store = await openStore(root);
  try {
    const midnightUs = dayStartUs(LIVE_DAY);
    for (const [i, symbol] of SYMBOLS.entries()) {
      const { trades, bookChanges } = syntheticMarket(i + 1, 900);
      const day = (date: string) => ({ exchange: MODEL.exchange, symbol, date });
      const cut = [trades, bookChanges].map((table) => rowsBefore(table, midnightUs));
      await storeMarket(store, day(DAY_BEFORE), {
        trades: slice(trades, 0, cut[0]!),
        bookChanges: slice(bookChanges, 0, cut[1]!),
      });
      await storeMarket(store, day(LIVE_DAY), {
        trades: slice(trades, cut[0]!, trades.price.length),
        bookChanges: slice(bookChanges, cut[1]!, bookChanges.price.length),
      });
    }
    const days = [DAY_BEFORE, LIVE_DAY];
    const request = { exchange: MODEL.exchange, symbols: SYMBOLS, days, barUs: BAR_US };
    await computeFeatures(store, { ...request, threads: 1 });
  } finally {
    await store.close();
  }
  return { model: await makeModel(root, isPromoted) };
}

async function makeModel(root: string, isPromoted: boolean): Promise<string> {
  const { predictor, profile, barUs, horizonBars, latencyUs } = MODEL;
  // A file holds finite numbers only.
  const bounded = { ...profile, shiftLimit: 1e9, distanceLimit: 8 };
  const trial = await trainTrial(
    root,
    1,
    "logistic",
    {
      ...{ symbols: SYMBOLS, barUs, horizonBars, latencyUs, folds: 1 },
      horizonUs: horizonBars * barUs,
      catalogueHash: catalogueHash(),
      featureNames: predictor.featureNames,
    },
    {},
    {
      "fold1.safetensors": predictorToBytes(predictor),
      [PROFILE_FILE]: profileToBytes(bounded),
    },
  );
  const version = versionOf(trial.key);
  if (isPromoted) {
    await evaluateTrial(root, trial);
    await promote(root, { name: "logistic", version });
  }
  return `logistic@${version}`;
}
