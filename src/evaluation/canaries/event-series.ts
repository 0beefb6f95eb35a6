// From events in memory to what the store gives of a symbol: by the same engine, and by the same sampling of mids.
import { concatenate } from "../../core/columns.js";
import type { SymbolSeries } from "../../dataset/symbol-series.js";
import { FEATURES } from "../../features/catalogue.js";
import { createFeatureEngine } from "../../features/engine.js";
import type { EngineSettings } from "../../features/engine-settings.js";
import type { FeatureRow } from "../../features/feature-rows.js";
import type { RowVerdict } from "../../features/hourly-verdicts.js";
import { oneStream, type RowPart } from "../../features/row-parts.js";
import { Replay } from "../../market/replay.js";
import { type SampledMids, sampleMids } from "../../market/sample-mids.js";
import type { BookChanges, Trades } from "../../store/tables.js";

const BOOK_SOURCE = "incremental_book_L2";

/** Events of one gap-free run of bars; they can be read more than once. */
export interface RunEvents {
  readonly barEndUs: Float64Array;
  /** Verdict of each bar's hour. */
  readonly verdict: readonly RowVerdict[];
  readonly trades: () => Iterable<Trades>;
  /** Left out where the market has no book. */
  readonly bookChanges?: () => Iterable<BookChanges>;
}

/** What to make of events. */
export interface SeriesSettings extends Required<Pick<EngineSettings, "barUs" | "staleAfterUs">> {
  readonly contract: NonNullable<EngineSettings["contract"]>;
  /** Features to keep. */
  readonly names: readonly string[];
  readonly latencyUs: number;
  readonly horizonUs: number;
}

/**
 * Features, prices at bar end plus latency and verdicts of one symbol. A stream begins anew with each run.
 *
 * @returns columns of as many rows as there are bars
 */
export async function eventSeries(
  runs: readonly RunEvents[],
  settings: SeriesSettings,
): Promise<SymbolSeries> {
  const parts: SymbolSeries[] = [];
  for (const run of runs) parts.push(await runSeries(run, settings));
  const joined = (column: (part: SymbolSeries) => Float64Array): Float64Array =>
    concatenate(parts.map(column));
  return {
    barEndUs: joined((part) => part.barEndUs),
    mid: joined((part) => part.mid),
    values: Object.fromEntries(
      settings.names.map((name) => [name, joined((part) => part.values[name]!)]),
    ),
    valid: BigUint64Array.from(parts.flatMap(({ valid }) => [...valid])),
    parts: consecutive(parts.flatMap((part) => part.parts)),
    verdict: parts.flatMap(({ verdict }) => verdict),
    bookSource: parts[0]?.bookSource,
    entryPrice: joined((part) => part.entryPrice),
    halfSpreadBps: joined((part) => part.halfSpreadBps),
    ...(parts[0]?.exitPrice === undefined ? {} : { exitPrice: joined((part) => part.exitPrice!) }),
  };
}

async function runSeries(run: RunEvents, settings: SeriesSettings): Promise<SymbolSeries> {
  const { names, latencyUs, horizonUs, barUs } = settings;
  const { verdict, bookChanges } = run;
  const rows = await featureRows(run, settings);
  const barEndUs = Float64Array.from(rows, (row) => row.barEndUs);
  const features = {
    barEndUs,
    mid: Float64Array.from(rows, ({ mid }) => mid),
    values: Object.fromEntries(names.map((name) => [name, columnOf(rows, name)])),
    valid: BigUint64Array.from(rows, ({ valid }) => valid),
    parts: [oneStream(rows.length, bookChanges === undefined ? "trades" : BOOK_SOURCE)],
    verdict,
  };
  if (bookChanges === undefined) {
    const halfSpreadBps = new Float64Array(rows.length).fill(Number.NaN);
    const entryPrice = columnOf(rows, "close");
    return { ...features, bookSource: undefined, entryPrice, halfSpreadBps };
  }
  const midsAfter = (delayUs: number): Promise<SampledMids> =>
    sampleMids(
      barEndUs.map((timeUs) => timeUs + delayUs),
      [{ bookChanges: bookChanges() }],
      settings,
    );
  const { mid: entryPrice, halfSpreadBps } = await midsAfter(latencyUs);
  const series = { ...features, bookSource: BOOK_SOURCE, entryPrice, halfSpreadBps } as const;
  if (horizonUs % barUs === 0) return series;
  return { ...series, exitPrice: (await midsAfter(latencyUs + horizonUs)).mid };
}

async function featureRows(
  { trades, bookChanges }: RunEvents,
  { barUs, staleAfterUs, contract }: SeriesSettings,
): Promise<readonly FeatureRow[]> {
  const rows: FeatureRow[] = [];
  const settings = { barUs, staleAfterUs, contract };
  const engine = createFeatureEngine((row) => rows.push(row), settings);
  const replay = new Replay(engine, { book: engine.book });
  await replay.run({
    trades: trades(),
    ...(bookChanges === undefined ? {} : { bookChanges: bookChanges() }),
  });
  replay.finish();
  engine.finish();
  return rows;
}

/** Parts of runs as rows of all runs, one after the other. */
function consecutive(parts: readonly RowPart[]): readonly RowPart[] {
  let end = 0;
  return parts.map(({ from, to, ...part }) => {
    const begin = end;
    end += to - from;
    return { from: begin, to: end, ...part };
  });
}

function columnOf(rows: readonly FeatureRow[], name: string): Float64Array {
  const place = FEATURES.findIndex((feature) => feature.name === name);
  const column = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) column[i] = rows[i]!.values[place]!;
  return column;
}
