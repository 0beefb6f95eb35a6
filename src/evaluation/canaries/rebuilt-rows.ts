// Are the rows of the test's time what the stored events give, each up to its own time, and are the right ones tested?
import { counted } from "../../core/counted.js";
import { isShortfall, type Shortfall, shortfall } from "../../core/shortfall.js";
import { dateOf, formatUtc } from "../../core/time.js";
import type { Dataset, Fold } from "../../dataset/matrix.js";
import { VOLUME_BARS } from "../../features/model-inputs.js";
import { candleFolder } from "../../store/candle-table.js";
import { readDerivedManifest } from "../../store/derived.js";
import type { DerivedManifest } from "../../store/manifest.js";
import type { Store } from "../../store/store.js";
import type { Canary } from "./canary.js";
import { type CanaryShortfall, notRun } from "./canary-shortfall.js";
import { type Difference, differencesOf } from "./rebuilt/differences.js";
import { type DayOfEvents, dayOfEvents } from "./rebuilt/event-bars.js";
import {
  marketOfCandles,
  marketOfEvents,
  type RebuiltMarket,
  type WantedRows,
} from "./rebuilt/rebuilt-market.js";
import { type SampleSettings, sampledRows } from "./rebuilt/sampled-rows.js";
import { seenShare } from "./rebuilt/seen-share.js";
import { testBars } from "./rebuilt/test-bars.js";

/** What is rebuilt. */
export interface RebuiltRowsOptions {
  readonly seed: number;
  /** What the dataset's features were made from; default ticks. */
  readonly source?: "ticks" | "candles";
  /** About how many rows are rebuilt; default 30. */
  readonly rows?: number;
}

/**
 * Makes some rows of the test's time again, of all symbols, tested ones and such as are left out, from stored events alone:
 * inputs by an engine that starts from the stored state of the day before and is told nothing that arrived when the row's bar
 * ended or later; price, spread and label by a plain replay; and from these whether the row may be used. They must be the
 * dataset's to the bit, and no bar of the events may be missing before them. Events of one symbol are read of each test day, up to
 * twenty days, and of four symbol-days at least; of candles as many gap-free runs. What inputs look back on in earlier days is taken
 * from their stored rows.
 *
 * @param dataset - as it was joined from the store's features, or from its candles
 * @param folds - whose tests' time rows are drawn from
 * @returns the canary; or what is missing where the store lacks the events of more than a tenth of what was drawn
 * @throws {DataError} a table is damaged
 */
export async function rebuiltRows(
  store: Store,
  dataset: Dataset,
  folds: readonly Fold[],
  { seed, source = "ticks", rows = 30 }: RebuiltRowsOptions,
): Promise<Canary | CanaryShortfall> {
  const draw = { seed, rows, runFirst: firstOfRuns(dataset) };
  const rebuilt =
    source === "ticks"
      ? await rebuiltFrom(dataset, folds, draw, ofTicks(store, dataset))
      : await rebuiltFrom(dataset, folds, draw, ofCandles(store, dataset, draw.runFirst));
  if (isShortfall(rebuilt)) return notRun(rebuilt, nameOf(EVENTS[source]));
  return judge(dataset, rebuilt, EVENTS[source]);
}

/** Share of what was drawn that may lack its events; where more does, too much is left unseen to call the rest right. */
const LACKING_SHARE = 0.1;

/** Where rows come from. */
interface EventSource<Events> extends Pick<SampleSettings<Events>, "stretchOf" | "eventsOf"> {
  readonly marketOf: (
    events: Events,
    rows: WantedRows & { readonly symbol: string },
  ) => Promise<RebuiltMarket>;
  /** What one reading of events goes over, in the singular and the plural. */
  readonly noun: readonly [string, string];
  /** How to bring back what the store lacks. */
  readonly remedy: string;
}

/** Days of trades and books. */
function ofTicks(store: Store, dataset: Dataset): EventSource<DayOfEvents> {
  const { exchange, barEndUs, barUs } = dataset;
  const dateOfRow = (row: number): string => dateOf(barEndUs[row]! - barUs);
  return {
    stretchOf: dateOfRow,
    eventsOf: (row) => {
      const day = { exchange, symbol: symbolOf(dataset, row), date: dateOfRow(row) };
      return dayOfEvents(store, day, barUs);
    },
    marketOf: (events, rows) => marketOfEvents(store, dataset, events, rows),
    noun: ["symbol-day", "symbol-days"],
    remedy:
      "bring the others in with `npx tickbook ingest` and compute their features again with `npx tickbook features`",
  };
}

/** Runs of candles, which are computed from their beginning each time. */
function ofCandles(
  store: Store,
  dataset: Dataset,
  runFirst: Uint32Array,
): EventSource<DerivedManifest> {
  const { exchange, barEndUs, barUs } = dataset;
  return {
    stretchOf: (row) => runFirst[row]!,
    eventsOf: (row) => {
      const date = dateOf(barEndUs[runFirst[row]!]! - barUs);
      const symbol = symbolOf(dataset, row);
      return readDerivedManifest(store, candleFolder({ exchange, symbol, date }));
    },
    marketOf: (_, { symbol, ...rows }) => marketOfCandles(store, dataset, symbol, rows),
    noun: ["run of candles", "runs of candles"],
    remedy: "bring the others in with `npx tickbook candles`",
  };
}

/** A bar that the events give, and that is no row. */
interface AbsentBar {
  readonly symbol: string;
  readonly endUs: number;
}

/** What was read again, and all that differs. */
interface Rebuilt {
  readonly rows: number;
  readonly about: string;
  readonly differences: readonly Difference[];
  readonly absent: readonly AbsentBar[];
}

type Draw = Pick<SampleSettings<unknown>, "seed" | "rows"> & { readonly runFirst: Uint32Array };

async function rebuiltFrom<Events>(
  dataset: Dataset,
  folds: readonly Fold[],
  { runFirst, ...draw }: Draw,
  { stretchOf, eventsOf, marketOf, noun, remedy }: EventSource<Events>,
): Promise<Rebuilt | Shortfall> {
  const { barEndUs, barUs, isUsable } = dataset;
  const { stretches, lacking, of } = await sampledRows(dataset, testBars(dataset, folds), {
    ...draw,
    stretchOf,
    eventsOf,
  });
  const asked = stretches.length + lacking;
  if (lacking > LACKING_SHARE * asked || asked === 0) {
    return tooFewToRead(asked, stretches.length, { noun, remedy });
  }
  const differences: Difference[] = [];
  const absent: AbsentBar[] = [];
  const symbols = new Set<string>();
  const known = barsOfSymbols(dataset);
  const back = lookBackBars(dataset);
  for (const { rows, events } of stretches) {
    const [row] = rows as [number];
    const symbol = symbolOf(dataset, row);
    symbols.add(symbol);
    const firstOfRun = runFirst[row]!;
    const runUs = barEndUs[firstOfRun]!;
    const market = await marketOf(events, {
      endsUs: rows.map((one) => barEndUs[one]!),
      backUs: Math.max(runUs, barEndUs[row]! - back * barUs),
      runUs,
      isAfterGap: dataset.symbolIndex[firstOfRun - 1] === dataset.symbolIndex[firstOfRun],
      symbol,
    });
    for (const one of rows) {
      const again = { market, firstOfRun: runFirst[one]!, lookBackBars: back };
      differences.push(...(await differencesOf(dataset, one, again)));
    }
    const own = known[dataset.symbolIndex[row]!]!;
    for (const endUs of market.endsUs) if (!own.has(endUs)) absent.push({ symbol, endUs });
  }
  const all = stretches.flatMap(({ rows }) => rows);
  const leftOut = all.filter((row) => isUsable[row] === 0).length;
  const missing =
    lacking === 0 ? "" : `; of ${lacking} more that were drawn the store lacks the events`;
  const power = seenShare({ things: of.stretches, drawn: stretches.length, lacking });
  const about =
    `${all.length} of ${counted(of.rows, "bar")} of the test's time, ${leftOut} of them left out of it, ` +
    `from ${stretches.length} of ${counted(of.stretches, ...noun)} (${[...symbols].join(", ")}), ` +
    `so that what touches a fifth of these is seen with ${Math.round(100 * power)} %${missing}`;
  return { rows: all.length, about, differences, absent };
}

/** Bar ends of each symbol. */
function barsOfSymbols({ symbols, symbolIndex, barEndUs }: Dataset): readonly Set<number>[] {
  const bars = symbols.map(() => new Set<number>());
  for (let row = 0; row < barEndUs.length; row++) bars[symbolIndex[row]!]!.add(barEndUs[row]!);
  return bars;
}

/** Bars before a row that its inputs or its label look back on. */
function lookBackBars({ labelRule }: Dataset): number {
  return Math.max(VOLUME_BARS, labelRule.kind === "direction" ? 0 : labelRule.volatilityBars);
}

/** What rows are rebuilt from, in words. */
const EVENTS = { ticks: "events", candles: "candles" } as const;

function nameOf(events: string): string {
  return `rows rebuilt from ${events}`;
}

function judge(
  dataset: Dataset,
  { rows, about, differences, absent }: Rebuilt,
  events: "events" | "candles",
): Canary {
  const wrong = new Set(differences.map(({ row }) => row)).size;
  const value = (wrong + absent.length) / (rows + absent.length);
  const found = [
    ...differences.slice(0, 1).map((one) => `${wrong} differ, first ${told(dataset, one, events)}`),
    ...absent.slice(0, 1).map(({ symbol, endUs }) => {
      const place = `${symbol} ${formatUtc(endUs)}`;
      return `the ${events} give ${counted(absent.length, "bar")} more, first ${place}`;
    }),
  ];
  return {
    name: nameOf(events),
    rule: `inputs, prices, labels and whether they may be used, of drawn bars of the test's time, are what the stored ${events} give up to their time, to the bit`,
    guards:
      "inputs of a later bar, labels and entries of another time than they say, rows chosen by their outcome, stored tables that were altered",
    value,
    expected: 0,
    standardError: 0,
    isRight: value === 0,
    note: found.length === 0 ? about : `${about}: ${found.join("; ")}`,
  };
}

function told(
  dataset: Dataset,
  { row, column, found, rebuilt, cause }: Difference,
  events: string,
): string {
  const place = `${symbolOf(dataset, row)} ${formatUtc(dataset.barEndUs[row]!)}`;
  const why = cause === undefined ? "" : `: ${cause}`;
  return `row ${row} (${place}) in ${column}, ${found} where the ${events} give ${rebuilt}${why}`;
}

function tooFewToRead(
  asked: number,
  has: number,
  { noun, remedy }: Pick<EventSource<unknown>, "noun" | "remedy">,
): Shortfall {
  return shortfall({
    step: "rebuild test rows from stored events",
    what: `of ${asked} drawn ${noun[1]} with the events in the store that they were made from (${remedy})`,
    has,
    needs: Math.max(1, Math.ceil((1 - LACKING_SHARE) * asked)),
  });
}

/** First row of each row's gap-free run, its warm-up included. */
function firstOfRuns({ rows, barEndUs, symbolIndex, barUs }: Dataset): Uint32Array {
  const first = new Uint32Array(rows);
  for (let i = 1; i < rows; i++) {
    const goesOn =
      symbolIndex[i] === symbolIndex[i - 1] && barEndUs[i]! - barEndUs[i - 1]! === barUs;
    first[i] = goesOn ? first[i - 1]! : i;
  }
  return first;
}

function symbolOf({ symbols, symbolIndex }: Dataset, row: number): string {
  return symbols[symbolIndex[row]!]!;
}
