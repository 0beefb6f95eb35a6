// One run in this process, through everything that `tickbook live` drives.
import { dayStartUs } from "../../core/time.js";
import type { FeedSource } from "../../runtime/feed/feed.js";
import { endOfReplay, storeFeed } from "../../runtime/feed/store-feed.js";
import { storedStart } from "../../runtime/feed/stored-start.js";
import { type StreamFeedOptions, streamFeed } from "../../runtime/feed/stream-feed.js";
import { openReader } from "../../runtime/journal/open-reader.js";
import { readRecords } from "../../runtime/journal/read-run.js";
import { type LiveOutcome, liveRun } from "../../runtime/live-run.js";
import type { MarketStart } from "../../runtime/loop/open-run.js";
import type { RunSettings } from "../../runtime/loop/run-settings.js";
import type { DecisionRecord } from "../../runtime/records.js";
import type { LiveModel } from "../../runtime/signal/live-model.js";
import { openStore, type Store } from "../../store/store.js";
import type { LiveStore } from "./live-store.js";
import { benchSettings } from "./run-settings.js";

/** Whose words the exchange of this machine speaks that plays simulated days. */
export const WORDS = "coinbase";

/** What to drive. */
export interface DrivenRun extends Pick<RunSettings, "run" | "mode"> {
  readonly model: LiveModel;
  /** Bars of the replayed days after which it is stopped. */
  readonly bars: number;
  /** Socket to take events from, `ws://…`; the store's where it is left out. */
  readonly url?: string;
  /** Called after each bar, with its number from 1. */
  readonly onBar?: (bar: number) => void;
}

/** What each symbol's market goes on from. */
export async function startsOf(
  store: Store,
  { exchange, symbols, days }: LiveStore,
  { barUs, steps }: LiveModel,
): Promise<readonly MarketStart[]> {
  const starts: MarketStart[] = [];
  for (const symbol of symbols) {
    starts.push(await storedStart(store, { exchange, symbol, date: days[0]!, barUs, steps }));
  }
  return starts;
}

/** Socket and symbols as a feed. */
export function socketFeed(
  url: string,
  symbols: readonly string[],
  { onOpen }: Pick<StreamFeedOptions, "onOpen"> = {},
): FeedSource {
  return streamFeed({ exchange: WORDS, symbols, url, ...(onOpen === undefined ? {} : { onOpen }) });
}

/** Drives a run to its last bar; its journal is the embedded one. */
export async function driveRun(live: LiveStore, driven: DrivenRun): Promise<LiveOutcome> {
  const { root, exchange, symbols, days } = live;
  const { model, url, bars, onBar } = driven;
  const store = await openStore(root);
  const stop = new AbortController();
  const startUs = dayStartUs(days[0]!);
  const lastUs = startUs + bars * model.barUs;
  try {
    const untilUs = await endOfReplay(store, { exchange, symbols, days });
    return await liveRun({
      ...{ root, model, settings: benchSettings(model, driven) },
      feed: url === undefined ? "replay" : "stream",
      source: url === undefined ? storeFeed(store, { exchange, days }) : socketFeed(url, symbols),
      starts: await startsOf(store, live, model),
      beginUs: startUs,
      ...(untilUs === undefined ? {} : { untilUs }),
      speed: Number.POSITIVE_INFINITY,
      databaseUrl: undefined,
      monitor: {},
      signal: stop.signal,
      onBar: (barEndUs) => {
        onBar?.(Math.round((barEndUs - startUs) / model.barUs));
        if (barEndUs >= lastUs) stop.abort();
      },
    });
  } finally {
    await store.close();
  }
}

/** The decisions that a run's journal holds, in the order in which they were written. */
export async function journaledDecisions(
  root: string,
  run: string,
): Promise<readonly DecisionRecord[]> {
  const reader = await openReader({ data: root });
  try {
    const decisions: DecisionRecord[] = [];
    for await (const record of readRecords(reader, run, "decision")) decisions.push(record);
    return decisions;
  } finally {
    await reader.close();
  }
}
