import { beforeAll, expect, test } from "vitest";
import { seededRandom } from "../core/random.js";
import { mean, standardDeviation } from "../core/statistics.js";
import { MINUTE_US } from "../core/time.js";
import type { BookView } from "../market/book-view.js";
import { Replay } from "../market/replay.js";
import { SnapshotBook } from "../market/snapshot-book.js";
import { type HiddenDay, hiddenDays } from "./hidden-days.js";
import { marketOrders } from "./market-orders.js";
import { DAY_MINUTES, IMBALANCE_SCALE, LATENCY_US, SYMBOL_SETTINGS } from "./settings.js";
import { thinDay } from "./thin-market.js";

const MARKET = { seed: 5, edge: "informative" } as const;
const SYMBOL = 1;

interface ShownState {
  readonly timeUs: number;
  readonly halfTicks: number;
  readonly bid: number;
  readonly ask: number;
  readonly imbalance: number;
  readonly levels: number;
}

interface ShownTrade {
  readonly timeUs: number;
  readonly side: number;
  readonly price: number;
  readonly amount: number;
}

let days: readonly [HiddenDay, HiddenDay];
let states: ShownState[];
let trades: ShownTrade[];

const tickOf = ({ tickUnits, priceDecimals }: (typeof SYMBOL_SETTINGS)[number]): number =>
  tickUnits / 10 ** priceDecimals;

/** What a replay of the day tells. */
async function play(day: HiddenDay): Promise<{ states: ShownState[]; trades: ShownTrade[] }> {
  const tick = tickOf(SYMBOL_SETTINGS[SYMBOL]!);
  const seen = { states: [] as ShownState[], trades: [] as ShownTrade[] };
  const replay = new Replay(
    {
      onTrade: (timeUs, _exchangeUs, side, price, amount) => {
        seen.trades.push({ timeUs: timeUs - day.startUs, side, price, amount });
      },
      onBook: (timeUs, book: BookView) => {
        const [bids, asks] = [book.bidDepth(5), book.askDepth(5)];
        seen.states.push({
          timeUs: timeUs - day.startUs,
          halfTicks: Math.round((2 * book.mid()) / tick),
          bid: book.bidPrice(),
          ask: book.askPrice(),
          imbalance: (bids - asks) / (bids + asks),
          levels: Math.min(book.bidLevels, book.askLevels),
        });
      },
    },
    { book: new SnapshotBook("book_snapshot_25") },
  );
  await replay.run(thinDay(day, SYMBOL, MARKET));
  replay.finish();
  return seen;
}

beforeAll(async () => {
  const source = hiddenDays({ ...MARKET, from: "2024-01-01" });
  days = [source.next().value, source.next().value];
  ({ states, trades } = await play(days[1]));
});

/** The state in force at a time of the day. */
const stateAt = (timeUs: number): ShownState | undefined =>
  states.filter((state) => state.timeUs <= timeUs).at(-1);

test("at each minute's end, and half a second later, the mid is the hidden one", () => {
  const { startHalfTicks, move, headMove } = days[1].symbols[SYMBOL]!;
  const byMinute = new Map(states.map((state) => [state.timeUs, state]));
  let halfTicks = startHalfTicks;
  for (let minute = 0; minute < DAY_MINUTES; minute++) {
    const latest = byMinute.get(minute * MINUTE_US + LATENCY_US);
    expect(latest!.halfTicks).toBe(halfTicks + headMove[minute]!);
    halfTicks += move[minute]!;
    const inMinute = states.slice(7 * minute, 7 * minute + 7);
    expect(inMinute.at(-1)!.timeUs).toBeLessThan((minute + 1) * MINUTE_US);
    expect(inMinute.at(-1)!.halfTicks).toBe(halfTicks);
  }
});

test("no state knows of a move that is yet to come", () => {
  const { moveTimeUs, moveSign, moveMagnitude, symbols } = days[1];
  for (const { timeUs, halfTicks } of states.filter((_, i) => i % 101 === 0)) {
    let reached = symbols[SYMBOL]!.startHalfTicks;
    moveTimeUs.forEach((moveUs, j) => {
      if (moveUs <= timeUs) reached += moveSign[j]! * moveMagnitude[3 * j + SYMBOL]!;
    });
    expect(halfTicks).toBe(reached);
  }
});

test("a minute's traded imbalance is that of its flow, up to the rounding of lots", () => {
  const { tradeFlow } = days[1].symbols[SYMBOL]!;
  for (let minute = 0; minute < DAY_MINUTES; minute++) {
    const own = trades.filter(({ timeUs }) => Math.floor(timeUs / MINUTE_US) === minute);
    const volume = own.reduce((sum, { amount }) => sum + amount, 0);
    const signed = own.reduce((sum, { side, amount }) => sum + side * amount, 0);
    expect(own.length).toBeGreaterThan(2);
    expect(signed / volume).toBeCloseTo(Math.tanh(IMBALANCE_SCALE * tradeFlow[minute]!), 2);
  }
});

test("the book's imbalance is that of its flow with a flicker of 0.2 before the tanh", () => {
  const { bookFlow } = days[1].symbols[SYMBOL]!;
  const flickers = states.flatMap(({ timeUs, imbalance }) => {
    const level = IMBALANCE_SCALE * bookFlow[Math.floor(timeUs / MINUTE_US)]!;
    // Imbalances beyond 0.92 are cut.
    return Math.abs(imbalance) < 0.9 ? [Math.atanh(imbalance) - level] : [];
  });
  expect(flickers.length).toBeGreaterThan(9500);
  expect(Math.abs(mean(flickers))).toBeLessThan(0.01);
  expect(standardDeviation(flickers)).toBeGreaterThan(0.19);
  expect(standardDeviation(flickers)).toBeLessThan(0.21);
});

test("seven whole states and some trades a minute; each trade meets the touch that was shown last", () => {
  expect(states).toHaveLength(7 * DAY_MINUTES);
  expect(states.every(({ levels, bid, ask }) => levels === 25 && bid < ask)).toBe(true);
  expect(trades.length / DAY_MINUTES).toBeGreaterThan(3);
  expect(trades.length / DAY_MINUTES).toBeLessThan(8);
  expect(trades.every(({ timeUs }, i) => i === 0 || timeUs >= trades[i - 1]!.timeUs)).toBe(true);
  for (const { timeUs, side, price } of trades.filter((_, i) => i % 37 === 0)) {
    const touch = stateAt(timeUs - 1)!;
    expect(price).toBe(side === 1 ? touch.ask : touch.bid);
  }
});

test("few large orders make a minute's volume as uncertain as the full market's many", () => {
  const relative = (fills: number, spread?: number): number => {
    const random = seededRandom(1, `volume of ${fills}`);
    const options = {
      flow: 0,
      fills,
      medianLots: 1e6,
      ...(spread === undefined ? {} : { spread }),
    };
    const volumes = Array.from({ length: 4000 }, () =>
      marketOrders(random, options).reduce(
        (sum, { fillLots }) => sum + fillLots.reduce((all, lots) => all + lots, 0),
        0,
      ),
    );
    return standardDeviation(volumes) / mean(volumes);
  };
  // The mean number of fills in a minute, and a quarter of it at the thin market's deviation.
  expect(relative(4, 0.72) / relative(16)).toBeGreaterThan(0.85);
  expect(relative(4, 0.72) / relative(16)).toBeLessThan(1.2);
});

test("the same seed gives the same events, whichever days were played before", async () => {
  const again = await play(days[1]);
  expect(again.trades).toEqual(trades);
  expect(again.states).toEqual(states);
  const other = await play(days[0]);
  expect(other.trades).not.toEqual(trades);
});
