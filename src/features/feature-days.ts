// Which days are to be computed, and from what?
import { WorkbenchError } from "../core/errors.js";
import { DAY_US, dateOf, dayStartUs } from "../core/time.js";
import { contractOf } from "../market/contract.js";
import { readDerivedManifest } from "../store/derived.js";
import type { SymbolDay } from "../store/read.js";
import type { Store } from "../store/store.js";
import type { DayBarsJob } from "./day-bars.js";
import {
  type DayOrigin,
  dayOrigin,
  type FeatureSettings,
  featuresFolder,
  isMadeFrom,
  stateFolder,
} from "./feature-partition.js";

/** A day of a symbol, as the store has it. */
export interface FeatureDay {
  readonly day: SymbolDay;
  readonly settings: FeatureSettings;
  /** Undefined when the store has neither trades nor book of it; an error when that cannot be told. */
  readonly origin: DayOrigin | WorkbenchError | undefined;
  readonly job: DayBarsJob;
}

/** The day before or after. */
export function neighbour(day: SymbolDay, days: 1 | -1): SymbolDay {
  return { ...day, date: dateOf(dayStartUs(day.date) + days * DAY_US) };
}

/** What the store has of a day. */
export async function featureDay(
  store: Store,
  day: SymbolDay,
  settings: FeatureSettings,
): Promise<FeatureDay> {
  const contract = contractOf(day.exchange, day.symbol);
  const origin = await dayOrigin(store, day, settings).catch(workbenchError);
  const after = await dayOrigin(store, neighbour(day, 1), settings).catch(workbenchError);
  const inputs = origin === undefined || origin instanceof WorkbenchError ? {} : origin.inputs;
  const hasTrades = (inputs.trades ?? null) !== null;
  const job = {
    day,
    settings: { ...settings, contract, hasTrades },
    inputs,
    continues: after !== undefined,
  };
  return { day, settings, origin, job };
}

/**
 * Days whose bars are likely to be needed, in order: those whose features or state are not made from what the store has, and
 * the days that go on from them. The days are a symbol's one after the other.
 */
export async function daysToMake(
  store: Store,
  days: readonly FeatureDay[],
): Promise<readonly DayBarsJob[]> {
  const jobs: DayBarsJob[] = [];
  let last: FeatureDay | undefined;
  let isLastMade = false;
  for (const one of days) {
    const { day, settings, origin, job } = one;
    const goesOn =
      last !== undefined && last.day.symbol === day.symbol && isNext(last.day.date, day.date);
    last = one;
    if (origin === undefined || origin instanceof WorkbenchError) {
      isLastMade = false;
      continue;
    }
    const isStored = await isMadeAs(store, day, settings, origin);
    isLastMade = !isStored || (goesOn && isLastMade);
    if (isLastMade) jobs.push(job);
  }
  return jobs;
}

async function isMadeAs(
  store: Store,
  day: SymbolDay,
  settings: FeatureSettings,
  origin: DayOrigin,
): Promise<boolean> {
  const except = ["before", "continues", "verdicts"];
  for (const folder of [featuresFolder(day, settings.barUs), stateFolder(day, settings.barUs)]) {
    // What is damaged is made anew, and told when its turn comes.
    const manifest = await readDerivedManifest(store, folder).catch(() => undefined);
    if (!isMadeFrom(manifest, origin, { except })) return false;
  }
  return true;
}

function isNext(before: string, date: string): boolean {
  return dayStartUs(date) - dayStartUs(before) === DAY_US;
}

/** An error of the workbench; others are thrown. */
function workbenchError(error: unknown): WorkbenchError {
  if (error instanceof WorkbenchError) return error;
  throw error;
}
