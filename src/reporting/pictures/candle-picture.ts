// The candles around a finding, and beside them what the trades of the same minutes say.
import type { LocatedFinding } from "../../audit/audit.js";
import { tradeMinutes } from "../../audit/sources/tick-minutes.js";
import { counted } from "../../core/counted.js";
import { LIGHT } from "../../core/palette.js";
import { MINUTE_US } from "../../core/time.js";
import { candleFolder } from "../../store/candle-table.js";
import { readDerivedManifest } from "../../store/derived.js";
import type { SymbolDay } from "../../store/read.js";
import { readCandles } from "../../store/read-candles.js";
import type { Store } from "../../store/store.js";
import type { Candles } from "../../store/tables.js";
import type { PictureWindow } from "./finding-window.js";
import { NOTHING } from "./market-picture.js";
import type { PictureContent, Series } from "./picture.js";

const COLUMNS = ["barStartUs", "barEndUs", "open", "high", "low", "close", "volume"] as const;

/** One-minute candles with their volume; where candles differ from trades, the trades' closes and volumes as dots. */
export async function candlePicture(
  store: Store,
  day: SymbolDay,
  { check }: LocatedFinding,
  window: PictureWindow,
): Promise<PictureContent> {
  const candles = await windowCandles(store, day, window);
  const { barStartUs: timesUs, volume } = candles;
  const bars: Series = {
    name: "volume",
    draw: "bars",
    colour: LIGHT.muted,
    timesUs,
    values: volume,
  };
  const trades = check === "source-mismatch" ? await tradeSeries(store, day, window) : undefined;
  const has = timesUs.length > 0;
  return {
    panels: [
      {
        name: "price",
        axis: "price (quote currency)",
        series: trades === undefined ? [] : [trades.close],
        ...(has ? { candles } : {}),
      },
      {
        name: "volume",
        axis: "volume (base coin)",
        series: [...(has ? [bars] : []), ...(trades === undefined ? [] : [trades.volume])],
      },
    ],
    what: has
      ? `one-minute candles and their volume${trades === undefined ? "" : "; as dots what the trades of each minute say"}`
      : NOTHING,
    n: counted(timesUs.length, "candle"),
  };
}

async function windowCandles(
  store: Store,
  day: SymbolDay,
  { fromUs, toUs }: PictureWindow,
): Promise<Candles> {
  const rows: number[][] = [];
  const has = (await readDerivedManifest(store, candleFolder(day))) !== undefined;
  for await (const batch of has ? readCandles(store, day) : []) {
    batch.barStartUs.forEach((startUs, i) => {
      if (startUs < fromUs || startUs > toUs) return;
      rows.push(COLUMNS.map((name) => batch[name][i]!));
    });
  }
  const columns = COLUMNS.map((name, at) => [name, Float64Array.from(rows, (row) => row[at]!)]);
  return Object.fromEntries(columns) as unknown as Candles;
}

async function tradeSeries(
  store: Store,
  day: SymbolDay,
  { fromUs, toUs }: PictureWindow,
): Promise<{ readonly close: Series; readonly volume: Series }> {
  const minutes = await tradeMinutes(store, { ...day, days: [day.date] });
  const starts = minutes.close.map((_, m) => minutes.startUs + m * MINUTE_US);
  const rows = Array.from(starts.keys()).filter(
    (m) => minutes.trades[m]! > 0 && starts[m]! >= fromUs && starts[m]! <= toUs,
  );
  const pick = (column: ArrayLike<number>): Float64Array =>
    Float64Array.from(rows, (m) => column[m]!);
  const of = (name: string, values: ArrayLike<number>): Series => {
    return { name, draw: "dots", colour: LIGHT.text, timesUs: pick(starts), values: pick(values) };
  };
  return {
    close: of("close of the trades", minutes.close),
    volume: of("volume of the trades", minutes.volume),
  };
}
