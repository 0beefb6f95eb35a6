// Pictures of ticks beside the bars that features are made from: two ways from the same events.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { dateOf, MINUTE_US, SECOND_US } from "../../core/time.js";
import type { Bar } from "../../features/bar.js";
import { BarStream } from "../../features/bar-stream.js";
import { completeSettings } from "../../features/engine-settings.js";
import { slope } from "../../features/slope.js";
import { type Market, START_US, storeMarket, syntheticMarket } from "../../features/test-market.js";
import { COINS } from "../../market/contract.js";
import { Replay } from "../../market/replay.js";
import { openStore, type Store } from "../../store/store.js";
import type { FeatureFrame } from "../features/feature-frame.js";
import { impactPicture } from "./impact-picture.js";
import { type LookTicks, lookTicks } from "./look-ticks.js";

/** From midnight on, so that all is one day. */
const BEGIN_US = START_US + 600 * SECOND_US;
const DAY = { exchange: "simulated", symbol: "BTCUSDT", date: dateOf(BEGIN_US) };
const NOTHING = { ...DAY, symbol: "ETHUSDT" };
const HOW = { bookSource: "incremental_book_L2", staleAfterUs: 20 * SECOND_US } as const;

/** Bars that are looked at: after the first, so that what stands when the window begins matters. */
const [FROM, TO] = [20, 50];
const WINDOW = { fromUs: BEGIN_US + FROM * MINUTE_US, toUs: BEGIN_US + TO * MINUTE_US };

let root: string;
let store: Store;
let ticks: LookTicks;
const bars: Bar[] = [];

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), "tickbook-look-"));
  store = await openStore(root);
  const market = fromMidnight(syntheticMarket(3, 60, { barUs: MINUTE_US }));
  await storeMarket(store, DAY, market);
  const settings = completeSettings({ staleAfterUs: HOW.staleAfterUs });
  const stream = new BarStream((bar) => {
    bars.push({
      ...bar,
      partMoveBps: bar.partMoveBps.slice(),
      partSignedNotional: bar.partSignedNotional.slice(),
    });
  }, settings);
  const replay = new Replay(stream, { book: stream.book });
  await replay.run({ trades: [market.trades], bookChanges: [market.bookChanges] });
  replay.finish();
  stream.finish();
  ticks = await lookTicks(store, { day: DAY, window: WINDOW, ...HOW });
});

afterAll(async () => {
  await store.close();
  await rm(root, { recursive: true, force: true });
});

test("time averages of the drawn states are those of the bars", () => {
  const spread = ticks.states.bidPrice.map(
    (bid, i) => (2e4 * (ticks.states.askPrice[i]! - bid)) / (ticks.states.askPrice[i]! + bid),
  );
  for (const bar of seen()) {
    const expected = [bar.averageObiL5, bar.averageSpreadBps];
    const drawn = [timeAverage(bar, ticks.states.imbalance5), timeAverage(bar, spread)];
    for (const [i, value] of drawn.entries()) expect(value).toBeCloseTo(expected[i]!, 9);
  }
  // The market was silent now and then: a book that is not valid is a hole.
  expect(ticks.states.bidPrice.some(Number.isNaN)).toBe(true);
});

test("the order flow of the drawn changes adds up to that of the bars", () => {
  for (const bar of seen()) {
    const flow = within(bar, ticks.states.timesUs, ticks.states.flow);
    expect(flow.reduce((sum, value) => sum + value, 0)).toBeCloseTo(bar.orderFlow, 6);
  }
  expect(seen().filter(({ orderFlow }) => orderFlow !== 0).length).toBeGreaterThan(20);
});

test("trades carry the mid before them, from which the bars' effective spread follows", () => {
  const { timesUs, side, price, amount, midBefore } = ticks.trades;
  const paid = price.map(
    (p, i) => (amount[i]! * 2e4 * side[i]! * (p - midBefore[i]!)) / midBefore[i]!,
  );
  for (const bar of seen()) {
    const spread = within(bar, timesUs, paid)
      .filter((value, i) => !Number.isNaN(value) && within(bar, timesUs, side)[i] !== 0)
      .reduce((sum, value) => sum + value, 0);
    expect(spread).toBeCloseTo(bar.effectiveSpreadSum, 6);
    expect(within(bar, timesUs, amount).reduce((sum, one) => sum + one, 0)).toBeCloseTo(
      bar.volume,
      9,
    );
  }
});

test("the slope of the impact picture is that of ten bars' sixths", async () => {
  const minutes = {
    from: TO - 10,
    to: TO,
    fromUs: WINDOW.toUs - 10 * MINUTE_US,
    toUs: WINDOW.toUs,
  };
  const frame: FeatureFrame = {
    exchange: DAY.exchange,
    symbol: DAY.symbol,
    barEndUs: Float64Array.from(bars, ({ endUs }) => endUs),
    mid: Float64Array.from(bars, ({ mid }) => mid),
    names: ["close"],
    columns: [Float64Array.from(bars, ({ close }) => close)],
  };
  const own = await lookTicks(store, { day: DAY, window: minutes, ...HOW });
  const look = { frame, contract: COINS, hours: minutes, minutes, ticks: own } as const;
  const picture = impactPicture(look);
  if (!("slope" in picture)) throw new Error("there was no picture");
  const ten = bars.slice(TO - 10, TO);
  const moves = Float64Array.from(ten.flatMap(({ partMoveBps }) => [...partMoveBps]));
  const flows = Float64Array.from(ten.flatMap((bar) => [...bar.partSignedNotional]));
  expect(moves.some(Number.isNaN)).toBe(true);
  const expected = slope(flows, moves, { fewest: 30 });
  expect(picture.slope / expected).toBeCloseTo(1, 9);
  expect(picture.moveBps).toHaveLength(moves.filter((move) => !Number.isNaN(move)).length);
});

test("a day that the store does not have has no events", async () => {
  const none = await lookTicks(store, { day: NOTHING, window: WINDOW, ...HOW });
  expect(none.trades.timesUs).toHaveLength(0);
  expect(none.states.timesUs).toHaveLength(0);
});

/** The bars of the window. */
function seen(): readonly Bar[] {
  return bars.filter(({ endUs }) => endUs > WINDOW.fromUs && endUs <= WINDOW.toUs);
}

/** Values of events in a bar. */
function within({ endUs }: Bar, timesUs: Float64Array, values: Float64Array): Float64Array {
  return values.filter((_, i) => timesUs[i]! >= endUs - MINUTE_US && timesUs[i]! < endUs);
}

/** Mean of a column of states over the time in a bar for which it is there. */
function timeAverage({ endUs }: Bar, values: Float64Array): number {
  const { timesUs } = ticks.states;
  let [sum, time] = [0, 0];
  for (let i = 0; i + 1 < timesUs.length; i++) {
    const fromUs = Math.max(timesUs[i]!, endUs - MINUTE_US);
    const length = Math.min(timesUs[i + 1]!, endUs) - fromUs;
    if (length <= 0 || Number.isNaN(values[i]!)) continue;
    sum += length * values[i]!;
    time += length;
  }
  return sum / time;
}

function fromMidnight({ trades, bookChanges }: Market): Market {
  const later = (timesUs: Float64Array): Float64Array =>
    timesUs.map((timeUs) => timeUs + BEGIN_US - START_US);
  const moved = <Table extends Market["trades"] | Market["bookChanges"]>(table: Table): Table => ({
    ...table,
    localTimestampUs: later(table.localTimestampUs),
    timestampUs: later(table.timestampUs),
  });
  return { trades: moved(trades), bookChanges: moved(bookChanges) };
}
