// What a symbol's stored events say of some of its rows: features as they were known, and the prices of labels.
import { DAY_US, dateOf, dayStartUs } from "../../../core/time.js";
import type { Dataset } from "../../../dataset/matrix.js";
import { FEATURES } from "../../../features/catalogue.js";
import { clockBefore } from "../../../features/clock-before.js";
import { featuresFolder } from "../../../features/feature-partition.js";
import type { FeatureRow } from "../../../features/feature-rows.js";
import type { DaySource } from "../../../features/lacks-source.js";
import { beginsStream } from "../../../features/row-parts.js";
import { type StreamAge, StreamClock } from "../../../features/stream-clock.js";
import { readDerived, readDerivedManifest } from "../../../store/derived.js";
import type { SymbolDay } from "../../../store/read.js";
import type { Store } from "../../../store/store.js";
import { candleBars } from "./candle-bars.js";
import { type DayOfEvents, eventBars } from "./event-bars.js";
import { type Look, looksOf } from "./label-again.js";
import { type BookSettings, NO_PRICE, type Price, plainCloses, plainMids } from "./plain-prices.js";

/** Stored value of a feature of one bar, or of `mid`; NaN where there is none. */
export type BarValue = (name: string) => number;

/** A symbol's market, as far as some rows need it. */
export interface RebuiltMarket {
  readonly bar: (barEndUs: number) => BarValue;
  readonly price: (look: Look) => Price;
  /** Ends of the bars that the events gave up to the last wanted one, of earlier days none, µs. */
  readonly endsUs: readonly number[];
  /** End of the first bar of the stream that the rows belong to, µs. */
  readonly streamUs: number;
  /** How old that stream is at the end of one of the bars. */
  readonly age: (barEndUs: number) => Promise<StreamAge>;
  readonly source: DaySource;
}

/** Rows of one symbol, by the ends of their bars. */
export interface WantedRows {
  /** Ascending, each once, µs. */
  readonly endsUs: readonly number[];
  /** End of the first bar that inputs and labels look back on, µs. */
  readonly backUs: number;
  /** End of the first bar of their gap-free run, µs; and whether the dataset has bars of the symbol before it. */
  readonly runUs: number;
  readonly isAfterGap: boolean;
}

/** Values that inputs and labels look back on. */
const LOOKED_BACK_ON = ["mid", "close", "volume_ratio_60"] as const;

const PLACES: ReadonlyMap<string, number> = new Map(FEATURES.map(({ name }, i) => [name, i]));

/**
 * Rebuilds rows of one day from its events. Bars of earlier days that inputs look back on are the stored ones.
 *
 * @throws {DataError} a table is damaged
 */
export async function marketOfEvents(
  store: Store,
  dataset: Dataset,
  events: DayOfEvents,
  { endsUs, backUs, runUs, isAfterGap }: WantedRows,
): Promise<RebuiltMarket> {
  const { day, settings, inputs } = events.job;
  const rows = await eventBars(store, events, endsUs);
  const dayUs = dayStartUs(day.date);
  const before = await storedBars(store, day, settings.barUs, { fromUs: backUs, toUs: dayUs });
  const looks = endsUs.flatMap((endUs) => looksOf(dataset, endUs));
  const prices =
    dataset.labelKind === "mid"
      ? await midsOf(store, day, looks, settings)
      : await closesOf(store, day, looks, settings.barUs);
  const { barUs, bookSource, hasTrades } = settings;
  const own = [...rows.values()].filter(({ barEndUs }) => barEndUs - barUs >= dayUs);
  const since = isAfterGap ? { since: dateOf(runUs - barUs) } : {};
  let clock: Promise<StreamClock> | undefined;
  return {
    bar: (endUs) => valuesOf(rows.get(endUs)) ?? before(endUs),
    price: priceAt(prices),
    endsUs: knownEnds(own),
    streamUs: await streamBeginUs(store, day, barUs, runUs),
    age: async (barEndUs) => {
      clock ??= clockBefore(store, day, barUs, since);
      return ageAt(barEndUs, own, runUs, await clock, barUs);
    },
    source: { hasTrades, tag: (inputs[bookSource] ?? null) === null ? "trades" : bookSource },
  };
}

/**
 * Rebuilds rows of one gap-free run from its candles.
 *
 * @throws {DataError} a table is damaged
 */
export async function marketOfCandles(
  store: Store,
  dataset: Dataset,
  symbol: string,
  { endsUs, runUs }: WantedRows,
): Promise<RebuiltMarket> {
  const { exchange, barUs } = dataset;
  const looks = endsUs.flatMap((endUs) => looksOf(dataset, endUs));
  const timesUs = ascending([...endsUs, ...looks.map(({ barEndUs }) => barEndUs)]);
  const from = { exchange, symbol, date: dateOf(runUs - barUs) };
  const { rows, closes } = await candleBars(store, from, barUs, timesUs);
  const own = [...rows.values()].filter(({ barEndUs }) => barEndUs <= endsUs.at(-1)!);
  return {
    bar: (endUs) => valuesOf(rows.get(endUs)) ?? noValue,
    price: ({ barEndUs }) => ({ ...NO_PRICE, price: closes.get(barEndUs)! }),
    endsUs: knownEnds(own),
    streamUs: runUs,
    age: async (barEndUs) => ageAt(barEndUs, own, runUs, new StreamClock(barUs), barUs),
    source: { hasTrades: true, tag: "trades" },
  };
}

/** Ends of the bars that were there when they ended. */
function knownEnds(rows: readonly FeatureRow[]): readonly number[] {
  return rows.filter(({ values }) => values.length > 0).map(({ barEndUs }) => barEndUs);
}

/** The clock at a bar's end, from how it stood before the first of some rows in order. */
function ageAt(
  barEndUs: number,
  rows: readonly FeatureRow[],
  runUs: number,
  before: StreamClock,
  barUs: number,
): StreamAge {
  const clock = new StreamClock(barUs);
  clock.restore(before.save());
  for (const row of rows) {
    if (row.barEndUs < runUs || row.barEndUs > barEndUs) continue;
    clock.next(row.barEndUs, valuesOf(row)!("close"), row.valid);
  }
  return clock;
}

/** End of the first bar of a day's stream, which is the run's or begins anew with a day in it. */
async function streamBeginUs(
  store: Store,
  day: SymbolDay,
  barUs: number,
  runUs: number,
): Promise<number> {
  for (let dayUs = dayStartUs(day.date); dayUs > runUs - barUs; dayUs -= DAY_US) {
    const folder = featuresFolder({ ...day, date: dateOf(dayUs) }, barUs);
    const manifest = await readDerivedManifest(store, folder);
    if (manifest !== undefined && beginsStream(manifest)) return dayUs + barUs;
  }
  return runUs;
}

function noValue(): number {
  return Number.NaN;
}

function valuesOf(row: FeatureRow | undefined): BarValue | undefined {
  if (row === undefined) return undefined;
  return (name) => (name === "mid" ? row.mid : (row.values[PLACES.get(name)!] ?? Number.NaN));
}

/** Bars of days before, as they are stored. */
async function storedBars(
  store: Store,
  day: SymbolDay,
  barUs: number,
  { fromUs, toUs }: { readonly fromUs: number; readonly toUs: number },
): Promise<(barEndUs: number) => BarValue> {
  const bars = new Map<number, BarValue>();
  // A bar belongs to the day that it begins in.
  for (let dayUs = dayStartUs(dateOf(fromUs - barUs)); dayUs < toUs; dayUs += DAY_US) {
    const folder = featuresFolder({ ...day, date: dateOf(dayUs) }, barUs);
    if ((await readDerivedManifest(store, folder)) === undefined) continue;
    const { columns } = await readDerived(store, folder, ["bar_end_us", ...LOOKED_BACK_ON]);
    const named = columns as Readonly<Record<string, Float64Array>>;
    named["bar_end_us"]!.forEach((endUs, i) => {
      bars.set(endUs, (name) => named[name]?.[i] ?? Number.NaN);
    });
  }
  return (endUs) => bars.get(endUs) ?? noValue;
}

type Prices = Map<string, Price>;

function keyOf({ barEndUs, delayUs }: Look): string {
  return `${barEndUs} ${delayUs}`;
}

function priceAt(prices: Prices): (look: Look) => Price {
  return (look) => prices.get(keyOf(look)) ?? NO_PRICE;
}

/** Mids at looks: each by the book of the day that its bar lies in. */
async function midsOf(
  store: Store,
  day: SymbolDay,
  looks: readonly Look[],
  { barUs, ...book }: BookSettings & { readonly barUs: number },
): Promise<Prices> {
  return await pricesByDay(day, looks, barUs, (one, timesUs) =>
    plainMids(store, one, timesUs, book),
  );
}

/** Closes at looks, carried over from the day before where the day's stream goes on from it. */
async function closesOf(
  store: Store,
  day: SymbolDay,
  looks: readonly Look[],
  barUs: number,
): Promise<Prices> {
  return await pricesByDay(day, looks, barUs, async (one, timesUs) => {
    const startUs = dayStartUs(one.date);
    const manifest = await readDerivedManifest(store, featuresFolder(one, barUs));
    const goesOn = (manifest?.origin["before"] ?? null) !== null;
    const before = await storedBars(store, one, barUs, { fromUs: startUs, toUs: startUs });
    const carried = goesOn ? before(startUs)("close") : Number.NaN;
    const closes = await plainCloses(store, one, timesUs, carried);
    return closes.map((price) => ({ ...NO_PRICE, price }));
  });
}

async function pricesByDay(
  day: SymbolDay,
  looks: readonly Look[],
  barUs: number,
  pricesOf: (day: SymbolDay, timesUs: readonly number[]) => Promise<readonly Price[]>,
): Promise<Prices> {
  const days = new Map<string, Map<number, Look[]>>();
  for (const look of looks) {
    const date = dateOf(look.barEndUs - barUs);
    const times = days.get(date) ?? new Map<number, Look[]>();
    days.set(date, times);
    const timeUs = look.barEndUs + look.delayUs;
    times.set(timeUs, [...(times.get(timeUs) ?? []), look]);
  }
  const prices: Prices = new Map();
  for (const [date, times] of days) {
    const timesUs = ascending([...times.keys()]);
    const found = await pricesOf({ ...day, date }, timesUs);
    timesUs.forEach((timeUs, i) => {
      for (const look of times.get(timeUs)!) prices.set(keyOf(look), found[i]!);
    });
  }
  return prices;
}

function ascending(times: readonly number[]): readonly number[] {
  return [...new Set(times)].sort((a, b) => a - b);
}
