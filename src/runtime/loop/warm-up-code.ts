// What makes the first real bars as quick as later ones? A run of bars that never were, through all that decides and orders.
import { setImmediate } from "node:timers/promises";
import { seededRandom } from "../../core/random.js";
import { MarketsReplay } from "../../market/markets-replay.js";
import type { FeedSource } from "../feed/feed.js";
import { openRun, type RunParts } from "./open-run.js";
import { Pacer } from "./pacer.js";
import { NO_PRIOR } from "./prior.js";
import type { RunJournal } from "./run-journal.js";
import { NO_WATCHER } from "./run-watcher.js";
import { warmUpMarket } from "./warm-up-market.js";

/** Bars that are decided on, after those that fill the model's window: enough for what runs once a bar to be compiled. */
const BARS = 300;

/** Takes everything and keeps nothing. */
const NO_JOURNAL: RunJournal = {
  isUp: true,
  write: async (_records, needs) => {
    return { where: needs === "database" ? "database" : "file", refused: [] };
  },
};

/** What a warm-up did. */
export interface WarmUp {
  readonly bars: number;
  readonly orders: number;
}

/**
 * Drives a run like the one that is about to begin on a market that never was, in a second or two. The engine compiles code when
 * it has run often, and what runs once a bar would be compiled for hours while bars wait. Nothing of it is written, sent or kept.
 *
 * @param options.signal - ends it
 */
export async function warmUpCode(
  { settings, model, starts, control }: Pick<RunParts, "settings" | "model" | "starts" | "control">,
  { signal }: { readonly signal: AbortSignal },
): Promise<WarmUp> {
  const { barUs } = model;
  const bars = model.steps + BARS;
  const fromUs = 0;
  const random = seededRandom(1, "warm-up");
  const markets = settings.symbols.map(() => warmUpMarket(random, { fromUs, bars, barUs }));
  const source: FeedSource = {
    canRewind: true,
    open: async (fed, keeper) => {
      const replayed = fed.map(({ stream }, i) => {
        const { trades, bookChanges } = markets[i]!;
        return { stream, sources: { trades: [trades], bookChanges: [bookChanges] } };
      });
      const replay = new MarketsReplay(replayed, keeper);
      return { run: () => replay.run(), close: () => replay.close() };
    },
  };
  const run = await openRun({
    // It is to stake and to order, whatever the market.
    settings: { ...settings, mode: "paper", signal: { ...settings.signal, ...NEVER_OUT } },
    model: { ...model, profile: { ...model.profile, ...NEVER_FOREIGN } },
    starts: starts.map(({ engine, source: made }) => {
      // Its events are as far apart as bars are long.
      const patient = { ...engine, staleAfterUs: barUs };
      return { engine: patient, source: made, state: undefined, before: [], clock: [] };
    }),
    ...{ source, control, journal: NO_JOURNAL, watcher: NO_WATCHER, prior: NO_PRIOR },
    ...{ beginUs: fromUs, settingsHash: "" },
    pacer: new Pacer(Number.POSITIVE_INFINITY, signal),
    onBar: async () => {
      if (signal.aborted) run.stop();
      // Whoever looks on is answered meanwhile.
      if (run.counts.bars % 10 === 0) await setImmediate();
    },
  });
  await run.run({ untilUs: fromUs + bars * barUs });
  return { bars: run.counts.bars, orders: run.counts.orders };
}

const NEVER_OUT = {
  maxSpreadBps: Number.POSITIVE_INFINITY,
  maxBookless: 1,
  maxExcess: Number.POSITIVE_INFINITY,
  cooldownBars: 0,
};

const NEVER_FOREIGN = {
  distanceLimit: Number.POSITIVE_INFINITY,
  shiftLimit: Number.POSITIVE_INFINITY,
  threshold: 0,
};
