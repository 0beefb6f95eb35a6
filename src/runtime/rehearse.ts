// A dry run of one stored day, for whoever has not begun a run of their own.
import { dayStartUs } from "../core/time.js";
import type { Store } from "../store/store.js";
import { endOfReplay, storeFeed } from "./feed/store-feed.js";
import { storedStart } from "./feed/stored-start.js";
import { databaseUrl } from "./journal/database-url.js";
import { REPLAY_LIMITS } from "./journal/journal-of-run.js";
import { liveRun } from "./live-run.js";
import { usualSettings } from "./loop/usual-settings.js";
import type { LiveModel } from "./signal/live-model.js";

/** Which symbol's day. */
export interface RehearsedDay {
  readonly symbol: string;
  readonly date: string;
}

/**
 * Runs a model over a stored day as fast as it goes, and writes its journal. What was run before is kept.
 *
 * @returns name of the run
 * @throws {DataError} a partition is damaged, or another process drives that run
 */
export async function rehearse(
  store: Store,
  model: LiveModel,
  { symbol, date }: RehearsedDay,
): Promise<string> {
  const { exchange, barUs, steps } = model;
  const run = `rehearsal ${model.name} ${symbol} ${date}`.replace(/[^A-Za-z0-9._-]+/g, "-");
  const asked = { run, mode: "dry-run", exchange, symbols: [symbol] } as const;
  const days = [date];
  const untilUs = await endOfReplay(store, { exchange, symbols: [symbol], days });
  await liveRun({
    root: store.root,
    settings: usualSettings({ ...asked, costs: "ftmo", barUs }),
    ...{ model, feed: "replay", speed: Number.POSITIVE_INFINITY },
    source: storeFeed(store, { exchange, days }),
    starts: [await storedStart(store, { exchange, symbol, date, barUs, steps })],
    beginUs: dayStartUs(date),
    ...(untilUs === undefined ? {} : { untilUs }),
    databaseUrl: databaseUrl(),
    monitor: {},
    limits: REPLAY_LIMITS,
    signal: new AbortController().signal,
  });
  return run;
}
