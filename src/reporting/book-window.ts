// What did one symbol's book look like in its busiest quarter of an hour?
import { isShortfall, type Shortfall, shortfall } from "../core/shortfall.js";
import { quantile } from "../core/statistics.js";
import { BOOK_SOURCES, type BookSource } from "../market/book-source.js";
import { readManifest } from "../store/read.js";
import type { Store } from "../store/store.js";
import type { Trades } from "../store/tables.js";
import { type DepthGrid, depthGrid } from "./depth-grid.js";
import { cumulativeDepth, depthWithin, type Ladder } from "./ladder.js";
import type { LookWindow } from "./look-window.js";
import { windowTrades } from "./market-window.js";
import { sampleChanges, sampleSnapshots } from "./sample-book.js";

/** A book looked at in equal steps, with the trades of the same time. */
export interface BookWindow {
  readonly symbol: string;
  /** Type of data that the book was made from. */
  readonly source: BookSource;
  readonly grid: DepthGrid;
  /** Best prices at the grid's times; NaN where there was no valid book. */
  readonly bestBid: Float64Array;
  readonly bestAsk: Float64Array;
  readonly near: NearDepth;
  /** The whole book at the valid time nearest to the middle. */
  readonly ladder: Ladder;
  readonly trades: Trades;
}

/** Value that rests near the mid. */
export interface NearDepth {
  /** How near, bps; null where the source shows less than half a bp, so that all it shows is counted. */
  readonly bps: number | null;
  /** Both sides at the grid's times, quote currency; NaN where there was no valid book. */
  readonly value: Float64Array;
}

/** Distances within which depth counts as near, bps; the first that nine books of ten reach on both sides is taken. */
const NEAR_BPS: readonly number[] = [5, 2, 1, 0.5];

/** Times at which the book is looked at. */
const SAMPLES = 300;

/** Types that hold a book, the one that shows most of it first. */

/**
 * The book of a window, looked at 300 times: rebuilt from its changes where they are stored, else as the snapshots show
 * it.
 *
 * @returns what is missing where the store has no book of that day, or no valid state in the window
 * @throws {DataError} a partition is damaged
 */
export async function bookWindow(
  store: Store,
  window: LookWindow | Shortfall,
): Promise<BookWindow | Shortfall> {
  if (isShortfall(window)) return window;
  const { day, fromUs, toUs } = window;
  const timesUs = Float64Array.from(
    { length: SAMPLES },
    (_, i) => fromUs + ((toUs - fromUs) * (i + 0.5)) / SAMPLES,
  );
  const none = (what: string): Shortfall =>
    shortfall({ step: "draw the book", what, has: 0, needs: 1 });
  const source = await bookSource(store, window);
  if (source === undefined) return none(`days of ${day.symbol} with a book`);
  const ladders =
    source === "incremental_book_L2"
      ? await sampleChanges(store, day, timesUs)
      : await sampleSnapshots(store, { ...day, type: source }, timesUs);
  const grid = depthGrid(ladders, timesUs);
  if (grid === undefined) return none(`valid book states of ${day.symbol}`);
  return {
    symbol: day.symbol,
    source,
    grid,
    bestBid: Float64Array.from(ladders, (ladder) => ladder?.bidPrice[0] ?? Number.NaN),
    bestAsk: Float64Array.from(ladders, (ladder) => ladder?.askPrice[0] ?? Number.NaN),
    near: nearDepth(ladders),
    ladder: middleOf(ladders),
    trades: await windowTrades(store, window),
  };
}

async function bookSource(store: Store, { day }: LookWindow): Promise<BookSource | undefined> {
  for (const type of BOOK_SOURCES) {
    if (((await readManifest(store, { ...day, type }))?.rows ?? 0) > 0) return type;
  }
  return undefined;
}

/** Value near the mid of each book. */
export function nearDepth(ladders: readonly (Ladder | undefined)[]): NearDepth {
  const depths = ladders.map((ladder) => ladder && cumulativeDepth(ladder));
  const reaches = depths
    .flatMap((depth) => depth ?? [])
    .map(({ bid, ask }) =>
      Math.min(...[bid, ask].map(({ distanceBps }) => distanceBps[distanceBps.length - 1]!)),
    );
  const reach = quantile(reaches, 0.1);
  const bps = NEAR_BPS.find((distance) => distance <= reach) ?? null;
  const within = bps ?? Number.POSITIVE_INFINITY;
  const value = Float64Array.from(depths, (depth) =>
    depth === undefined
      ? Number.NaN
      : depthWithin(depth.bid, within) + depthWithin(depth.ask, within),
  );
  return { bps, value };
}

/** The ladder nearest to the middle; there is one. */
function middleOf(ladders: readonly (Ladder | undefined)[]): Ladder {
  const middle = (ladders.length - 1) / 2;
  const rows = [...ladders.keys()].filter((row) => ladders[row] !== undefined);
  const [nearest] = rows.sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle) || a - b);
  return ladders[nearest!]!;
}
