// Do stored features carry the verdicts of the present audit, and are they made from the present data and settings?
import { isDeepStrictEqual } from "node:util";
import { counted } from "../core/counted.js";
import { OptionError } from "../core/errors.js";
import { DAY_US, dateOf, dayStartUs } from "../core/time.js";
import { barName } from "../features/bar-length.js";
import { neighbour } from "../features/feature-days.js";
import {
  type FeatureInput,
  type FeatureInputs,
  settingsOrigin,
  stateFolder,
  storedInputs,
  tableHash,
} from "../features/feature-partition.js";
import { type VerdictSource, verdictSource } from "../features/hourly-verdicts.js";
import { staleAfterUs } from "../features/stale-after.js";
import type { BookSource } from "../market/book-source.js";
import type { DerivedManifest } from "../store/manifest.js";
import { changesSinceAudit } from "../store/present-audit.js";
import type { SymbolDay } from "../store/read.js";
import type { Store } from "../store/store.js";

/** A day whose features must not be used as they are. */
export interface StaleDay extends SymbolDay {
  /** False when there is no audit of the data that the store has now: that comes first. */
  readonly isAudited: boolean;
  /** False when its features have to be computed anew, and with them those of the days that go on from it. */
  readonly isMade: boolean;
  /** What is another than when the features were made or joined; each without a stop. */
  readonly changes: readonly string[];
}

/** What the day before is to a day that goes on from it. */
export const BEFORE_IS_OTHER = "the day before is another";

/**
 * Compares what a day's features were made from and joined with to what the store has now. Data that the store no longer
 * has at all is no contradiction.
 *
 * @param manifest - of the features as they were read
 * @param barUs - length of their bars, µs
 * @returns undefined when nothing has changed since
 */
export async function staleDay(
  store: Store,
  day: SymbolDay,
  { origin }: DerivedManifest,
  barUs: number,
): Promise<StaleDay | undefined> {
  const used = (origin["inputs"] ?? {}) as FeatureInputs;
  const types = Object.keys(used) as readonly FeatureInput[];
  const now = await storedInputs(store, day, types);
  const data = types
    .filter((type) => now[type] !== null && now[type] !== used[type])
    .map((type) => (used[type] === null ? `${type} came` : `${type} are others`));
  const settings = changedSettings(day, origin, barUs);
  const before = (await goesOn(store, day, origin, barUs)) ? [] : [BEFORE_IS_OTHER];
  const verdicts = await verdictSource(store, day, used);
  const isJoined = isDeepStrictEqual(origin["verdicts"], verdicts);
  const isMade = [...data, ...settings, ...before].length === 0;
  if (isJoined && isMade) return undefined;
  const isAudited =
    data.length === 0 && types.every((type) => used[type] === null || verdicts[type] !== null);
  const judged = (origin["verdicts"] ?? {}) as VerdictSource<FeatureInput>;
  const audits = isAudited
    ? types
        .filter((type) => judged[type] !== verdicts[type])
        .map((type) => `the audit judges ${type} otherwise`)
    : data.length > 0
      ? []
      : await changesSinceAudit(store, day, types);
  return { ...day, isAudited, isMade, changes: [...data, ...audits, ...settings, ...before] };
}

/** What of the catalogue and the settings in force is another, of whichever kind of book. */
function changedSettings(
  day: SymbolDay,
  origin: DerivedManifest["origin"],
  barUs: number,
): readonly string[] {
  const bookSource = origin["bookSource"] as BookSource;
  const settings = { barUs, staleAfterUs: staleAfterUs(day.exchange), bookSource };
  return Object.entries(settingsOrigin(day, settings))
    .filter(([name, value]) => origin[name] !== value)
    .map(([name, value]) =>
      name === "catalogue"
        ? "the catalogue is another"
        : `${name} is ${value}, was ${origin[name]}`,
    );
}

/** Whether a day goes on from the state that is stored of the day before, where it goes on from one. */
async function goesOn(
  store: Store,
  day: SymbolDay,
  { before = null }: DerivedManifest["origin"],
  barUs: number,
): Promise<boolean> {
  if (before === null) return true;
  const hash = await tableHash(store, stateFolder(neighbour(day, -1), barUs));
  return hash === null || hash === before;
}

/**
 * Refuses features that would train models on verdicts of another audit, on other data or by other settings.
 *
 * @throws {OptionError} there is such a day; names what changed and the commands that mend all of them
 */
export function requireFresh(stale: readonly StaleDay[], barUs: number): void {
  const [first] = stale;
  if (first === undefined) return;
  const symbols = [...new Set(stale.map(({ symbol }) => symbol))].join(",");
  const dates = stale.map(({ date }) => date).sort();
  const to = dateOf(dayStartUs(dates.at(-1)!) + DAY_US);
  const place = `--exchange ${first.exchange} --symbols ${symbols} --from ${dates[0]} --to ${to}`;
  const join = `\`npx tickbook features ${place} --bar ${barName(barUs)}\``;
  const audit = `\`npx tickbook audit ${place}\``;
  throw new OptionError({
    column: `features of ${first.exchange} ${symbols} from ${dates[0]}`,
    message: `were joined with the verdicts of another audit, or made from other data or by other settings, than the store and tickbook.yaml hold now: ${changesText(stale)}`,
    fix: stale.every(({ isAudited }) => isAudited)
      ? `join them again with ${join}`
      : `audit with ${audit} and join them again with ${join}`,
  });
}

/** Each change once, with the first day of it and how many more there are. */
function changesText(stale: readonly StaleDay[]): string {
  const days = new Map<string, string[]>();
  for (const { symbol, date, changes } of stale) {
    for (const change of changes)
      days.set(change, [...(days.get(change) ?? []), `${symbol} ${date}`]);
  }
  const told = [...days].map(([change, [first, ...more]]) => {
    return `${change} (${first}${more.length === 0 ? "" : ` and ${counted(more.length, "more day")}`})`;
  });
  return told.join(", ");
}
