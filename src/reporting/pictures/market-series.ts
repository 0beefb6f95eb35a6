// What best prices, trades and tickers look like as series of a picture.
import type { Span } from "../../audit/finding.js";
import { LIGHT } from "../../core/palette.js";
import { readManifest, type SymbolDay } from "../../store/read.js";
import { readDerivativeTicker } from "../../store/read-derivative-ticker.js";
import type { Store } from "../../store/store.js";
import type { PictureWindow } from "./finding-window.js";
import type { Series } from "./picture.js";
import type { WindowStates } from "./window-states.js";
import { type PricedRows, pickRows } from "./window-trades.js";

/** Best bid and ask as step lines. */
export function touchLines({ timesUs, bidPrice, askPrice }: WindowStates): readonly Series[] {
  return [
    { name: "ask", draw: "steps", colour: LIGHT.ask, timesUs, values: askPrice },
    { name: "bid", draw: "steps", colour: LIGHT.bid, timesUs, values: bidPrice },
  ];
}

/** Rows as dots, by side. */
export function sideDots(
  rows: PricedRows,
  { up, down, isSized }: { readonly up: string; readonly down: string; readonly isSized: boolean },
): readonly Series[] {
  const sides = [
    { name: up, colour: LIGHT.bid, own: pickRows(rows, (row) => rows.side[row] === 1) },
    { name: down, colour: LIGHT.ask, own: pickRows(rows, (row) => rows.side[row] === -1) },
    {
      name: "side unknown",
      colour: LIGHT.muted,
      own: pickRows(rows, (row) => rows.side[row] === 0),
    },
  ];
  return sides.map(({ name, colour, own }) => ({
    name,
    draw: "dots",
    colour,
    timesUs: own.timesUs,
    values: own.price,
    ...(isSized ? { amounts: own.amount } : {}),
  }));
}

/** States with a hole in each silence in which there is none. */
export function broken(states: WindowStates, silences: readonly Span[]): WindowStates {
  const { timesUs } = states;
  const holes = silences.filter(([startUs, endUs]) =>
    timesUs.every((time) => time <= startUs || time >= endUs),
  );
  if (holes.length === 0) return states;
  const rows = [
    ...Array.from(timesUs, (timeUs, row) => ({ timeUs, row })),
    ...holes.map(([startUs]) => ({ timeUs: startUs + 1, row: -1 })),
  ].sort((a, b) => a.timeUs - b.timeUs);
  const of = (column: Float64Array): Float64Array =>
    Float64Array.from(rows, ({ row }) => column[row] ?? Number.NaN);
  return {
    timesUs: Float64Array.from(rows, ({ timeUs }) => timeUs),
    bidPrice: of(states.bidPrice),
    askPrice: of(states.askPrice),
    bidAmount: of(states.bidAmount),
    askAmount: of(states.askAmount),
    depth: of(states.depth),
    count: states.count,
  };
}

/** Both best prices of each state as rows. */
export function statePoints(states: WindowStates | undefined): PricedRows {
  const none = new Float64Array(0);
  if (states === undefined) {
    return { timesUs: none, side: none, price: none, amount: none, count: 0 };
  }
  const both = (a: Float64Array, b: Float64Array): Float64Array => {
    const all = new Float64Array(a.length + b.length);
    all.set(a);
    all.set(b, a.length);
    return all;
  };
  const timesUs = both(states.timesUs, states.timesUs);
  const amount = both(states.bidAmount, states.askAmount);
  return {
    timesUs,
    side: timesUs,
    price: both(states.bidPrice, states.askPrice),
    amount,
    count: timesUs.length,
  };
}

/** Mark and last price of a derivative; nothing where none is stored. */
export async function tickerLines(
  store: Store,
  day: SymbolDay,
  { fromUs, toUs }: PictureWindow,
): Promise<readonly Series[]> {
  const type = "derivative_ticker";
  if (((await readManifest(store, { ...day, type }))?.rows ?? 0) === 0) return [];
  const rows: (readonly [number, number, number])[] = [];
  for await (const batch of readDerivativeTicker(store, day)) {
    batch.localTimestampUs.forEach((time, i) => {
      if (time < fromUs || time > toUs) return;
      rows.push([time, batch.markPrice[i]!, batch.lastPrice[i]!]);
    });
  }
  const column = (at: 0 | 1 | 2): Float64Array => Float64Array.from(rows, (row) => row[at]);
  const timesUs = column(0);
  return rows.length === 0
    ? []
    : [
        { name: "mark price", draw: "dots", colour: LIGHT.model, timesUs, values: column(1) },
        { name: "last price", draw: "dots", colour: LIGHT.muted, timesUs, values: column(2) },
      ];
}
