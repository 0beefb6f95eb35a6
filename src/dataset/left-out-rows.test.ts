// Which rows may no model be asked in? Said once more from the events alone, bar by bar, by the features' definitions.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { seededRandom } from "../core/random.js";
import { DAY_US, dayStartUs, MINUTE_US, SECOND_US } from "../core/time.js";
import { computeFeatures } from "../features/compute-features.js";
import { KEPT, LEFT_OUT_CAUSES } from "../features/row-rule.js";
import { changeColumns, storeMarket, tradeColumns } from "../features/test-market.js";
import { openStore, type Store } from "../store/store.js";
import { buildDataset } from "./build-dataset.js";
import { readFeatures } from "./read-features.js";

/** Two days that were each computed alone, one without data, and two of one stream. */
const DAYS = ["2024-03-01", "2024-03-02", "2024-03-04", "2024-03-05"] as const;
const STREAM_DAYS = [[DAYS[0]], [DAYS[1]], [DAYS[2], DAYS[3]]];
const PLACE = { exchange: "binance", symbol: "HOLES" };
const STALE_US = 60 * SECOND_US;
const START_US = dayStartUs(DAYS[0]);

/** Hours of a day in which something is not as always; they begin and end within a bar. */
const NO_BOOK = [5.005, 6.005] as const;
const NOTHING = [9.007, 10.009] as const;
const ONE_SIDED = [13.002, 13.9] as const;
const QUIET = [17, 18.3] as const;
const BOOK_BLINKS = [20.001, 20.0822] as const;

const NAMES = [
  ...["log_ret_60", "obi_l1", "ofi_norm", "tfi", "amihud_illiq", "vwap_side_gap"],
  ...["vwap_dev_session", "effective_spread_bps", "spread_z", "kyle_lambda"],
];

/** The book from a time on; a side that is empty is NaN. */
interface State {
  readonly timeUs: number;
  readonly bid: number;
  readonly ask: number;
}

const trades: Parameters<typeof tradeColumns>[0][number][] = [];
const changes: Parameters<typeof changeColumns>[0][number][] = [];
const states: State[] = [];

for (const date of DAYS) playDay(dayStartUs(date));

/** A book of one level a side that moves every few seconds, and trades at it. */
function playDay(startUs: number): void {
  const random = seededRandom(startUs, "a day with holes");
  const within = (timeUs: number, [from, to]: readonly [number, number]): boolean =>
    timeUs >= startUs + from * 3600e6 && timeUs < startUs + to * 3600e6;
  let [bid, ask] = [1000, 1001];
  let isFresh = true;
  for (let timeUs = startUs + 2e6; timeUs < startUs + DAY_US; timeUs += 1 + random.below(6e6)) {
    if ([NO_BOOK, NOTHING, BOOK_BLINKS].some((hours) => within(timeUs, hours))) isFresh = true;
    else {
      const base = { timeUs, isSnapshot: isFresh };
      if (!isFresh) {
        changes.push({ ...base, side: 1, price: bid, amount: 0 });
        changes.push({ ...base, side: -1, price: ask, amount: 0 });
      }
      bid += random.below(3) - 1;
      ask = bid + 1 + random.below(2);
      changes.push({ ...base, side: 1, price: bid, amount: 1 + random.below(9) });
      const isOneSided = within(timeUs, ONE_SIDED);
      if (!isOneSided) changes.push({ ...base, side: -1, price: ask, amount: 1 + random.below(9) });
      states.push({ timeUs, bid, ask: isOneSided ? Number.NaN : ask });
      isFresh = false;
    }
    if (within(timeUs, NOTHING) || within(timeUs, QUIET) || random.uniform() < 0.7) continue;
    const side = random.uniform() < 0.5 ? 1 : -1;
    trades.push({ timeUs: timeUs + 1, side, price: side === 1 ? bid + 1 : bid, amount: 1 });
  }
}

/** What lies in [from, to), of a list in order of time. */
function during<Event extends { readonly timeUs: number }>(
  list: readonly Event[],
  fromUs: number,
  toUs: number,
): readonly Event[] {
  const place = (us: number): number => {
    let [low, high] = [0, list.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (list[middle]!.timeUs < us) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return list.slice(place(fromUs), place(toUs));
}

const isTwoSided = ({ bid, ask }: State): boolean => bid < ask;

/** Whether the last state before a time, of one stream, is a valid book. */
function isValidAt(timeUs: number, streamUs: number): boolean {
  const last = during(states, Math.max(streamUs, timeUs - STALE_US), timeUs).at(-1);
  return last !== undefined && isTwoSided(last);
}

/** Whether there was a valid book at any time of a bar. */
function hasBookIn(endUs: number, streamUs: number): boolean {
  const isSomewhere = during(states, endUs - MINUTE_US, endUs).some(isTwoSided);
  return (
    isSomewhere || (endUs - MINUTE_US >= streamUs && isValidAt(endUs - MINUTE_US + 1, streamUs))
  );
}

/** Why a bar is left out, from the formulas of the features alone; `kept` where it is not. */
function plainCause(endUs: number, streamUs: number): string {
  const beginUs = endUs - MINUTE_US;
  const firstTrade = during(trades, streamUs, endUs)[0];
  const firstBarUs = streamUs + Math.floor((firstTrade!.timeUs - streamUs) / MINUTE_US) * MINUTE_US;
  const closesBefore = (beginUs - firstBarUs) / MINUTE_US;
  const barsBefore = (beginUs - streamUs) / MINUTE_US;
  // An hour of closes for the longest return; half an hour for the price of the session that the stream began with.
  if (closesBefore < 60 || barsBefore < 30) return "warm-up";
  if (!isValidAt(endUs, streamUs)) return "no valid book";
  const spreads = Array.from({ length: Math.min(60, barsBefore) }, (_, i) =>
    hasBookIn(beginUs - i * MINUTE_US, streamUs),
  );
  if (spreads.filter(Boolean).length < 30) return "no valid book";
  // Sixths of the last ten bars with a valid book at both of their ends.
  const ends = Array.from({ length: 61 }, (_, i) => isValidAt(endUs - i * 10e6, streamUs));
  const moves = ends.filter((isValid, i) => i < 60 && isValid && ends[i + 1]);
  const hasFlow = during(trades, endUs - 600e6, endUs).length > 0;
  if (moves.length < 30 && hasFlow) return "no valid book";
  // Trades of which none came within a minute of a valid mid.
  const own = during(trades, beginUs, endUs);
  const hasMid = own.some(({ timeUs }) =>
    during(states, Math.max(streamUs, timeUs - STALE_US), timeUs).some(isTwoSided),
  );
  return own.length > 0 && !hasMid ? "no valid book" : "kept";
}

const root = mkdtempSync(path.join(tmpdir(), "tickbook-left-out-rows-"));
let store: Store;

beforeAll(async () => {
  store = await openStore(root);
  for (const date of DAYS) {
    const [fromUs, toUs] = [dayStartUs(date), dayStartUs(date) + DAY_US];
    await storeMarket(
      store,
      { ...PLACE, date },
      {
        trades: tradeColumns(during(trades, fromUs, toUs)),
        bookChanges: changeColumns(during(changes, fromUs, toUs)),
      },
    );
  }
  // The second day first, so that nothing is carried over to it.
  for (const days of [STREAM_DAYS[1]!, STREAM_DAYS[0]!, STREAM_DAYS[2]!]) {
    await computeFeatures(store, { exchange: PLACE.exchange, symbols: [PLACE.symbol], days });
  }
});

afterAll(async () => {
  await store.close();
  rmSync(root, { recursive: true, force: true });
});

const request = { exchange: PLACE.exchange, symbols: [PLACE.symbol], barUs: MINUTE_US };

test("rows are left out by the causes that a plain look at the events gives, and only those", async () => {
  const { features, inputs } = await readFeatures(store, {
    ...request,
    days: DAYS,
    features: NAMES,
  });
  const [{ barEndUs, values }] = features as [(typeof features)[0]];
  const [{ code }] = inputs as [(typeof inputs)[0]];
  const streams = STREAM_DAYS.map(([first]) => dayStartUs(first!));
  const expected = Array.from(barEndUs, (endUs) =>
    plainCause(endUs, streams.filter((us) => us < endUs).at(-1)!),
  );
  const found = Array.from(code, (one) => (one === KEPT ? "kept" : LEFT_OUT_CAUSES[one]!));
  const differing = found.flatMap((cause, i) =>
    cause === expected[i]
      ? []
      : [`${new Date(barEndUs[i]! / 1000).toISOString()} ${cause}, not ${expected[i]}`],
  );
  expect(differing).toEqual([]);
  expect(barEndUs[0]).toBe(START_US + MINUTE_US);
  // The scene has what it is about: rows kept without trades, and rows with a book left out for what came before.
  const rows = (of: (i: number) => boolean): number => found.filter((_, i) => of(i)).length;
  const isKept = (i: number): boolean => found[i] === "kept";
  expect(rows((i) => isKept(i) && Number.isNaN(values["amihud_illiq"]![i]!))).toBeGreaterThan(15);
  expect(rows((i) => isKept(i) && Number.isNaN(values["vwap_side_gap"]![i]!))).toBeGreaterThan(200);
  expect(rows((i) => isKept(i) && Number.isNaN(values["kyle_lambda"]![i]!))).toBeGreaterThan(60);
  expect(rows((i) => isKept(i) && Number.isNaN(values["spread_z"]![i]!))).toBe(0);
  const noBook = (i: number): boolean => found[i] === "no valid book";
  const hasBook = (i: number): boolean => !Number.isNaN(values["obi_l1"]![i]!);
  expect(rows((i) => noBook(i) && hasBook(i))).toBeGreaterThan(4 * 2 * 25);
  expect(
    rows((i) => noBook(i) && hasBook(i) && Number.isNaN(values["kyle_lambda"]![i]!)),
  ).toBeGreaterThan(4 * 2 * 5);
});

test("the dataset counts them, and no window reaches over one", async () => {
  const { inputs } = await readFeatures(store, { ...request, days: DAYS, features: NAMES });
  const { code } = inputs[0]!;
  const dataset = await buildDataset(store, { ...request, days: DAYS, features: NAMES });
  LEFT_OUT_CAUSES.forEach((cause, place) => {
    expect(dataset.excluded[cause]).toBe(code.filter((one) => one === place).length);
  });
  const usable = [...dataset.isUsable.keys()].filter((row) => dataset.isUsable[row] === 1);
  const lastOut = (row: number): number =>
    Math.max(...LEFT_OUT_CAUSES.map((_, place) => code.lastIndexOf(place, row)));
  expect(usable.filter((row) => lastOut(row) >= dataset.runStart[row]!)).toEqual([]);
  const left = Object.values(dataset.excluded).reduce((sum, one) => sum + one, 0);
  expect(usable.length + left).toBe(dataset.rows);
});

test("a day that goes on a stream has warmed up with the day before, which is not asked for", async () => {
  const names = ["large_trade_share", "obi_l1"];
  const days = [DAYS[3]];
  const { features, inputs } = await readFeatures(store, { ...request, days, features: names });
  const { mid, values } = features[0]!;
  const { code } = inputs[0]!;
  const share = values["large_trade_share"]!;
  const first = share.findIndex((value) => !Number.isNaN(value));
  expect(first).toBeLessThan(5);
  let quiet = 0;
  for (let row = first; row < code.length; row++) {
    expect(code[row] === KEPT).toBe(!Number.isNaN(mid[row]!));
    quiet += Number(code[row] === KEPT && Number.isNaN(share[row]!));
  }
  expect(quiet).toBeGreaterThan(70);
});
