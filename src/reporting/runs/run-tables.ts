// What did a run decide, order and earn?
import { mean } from "../../core/statistics.js";
import { formatUtc, MINUTE_US } from "../../core/time.js";
import { wilsonInterval } from "../../core/wilson-interval.js";
import { intervalText, percent } from "../evaluation-marks.js";
import type { Cell, Table } from "../table.js";
import { runMark } from "./run-marks.js";
import type { RunDecision, RunReport } from "./run-report.js";

/** Events that are shown; the others are counted. */
const SHOWN_EVENTS = 15;

/** By symbol, how often something was staked, and why not. */
export function decisionsTable(report: RunReport): Table {
  const { decisions, run } = report;
  const rows = run.record.symbols.flatMap((symbol) => {
    const own = decisions.filter((one) => one.symbol === symbol);
    return countedBy(own, saidOf).map(([said, bars]): readonly Cell[] => [
      symbol,
      said,
      bars,
      (100 * bars) / own.length,
    ]);
  });
  return {
    caption: `${runMark(report)}Decisions, and why nothing was staked`,
    columns: [
      { name: "symbol", kind: "short" },
      { name: "decision" },
      { name: "bars" },
      { name: "share", unit: "%", digits: 1 },
    ],
    rows,
  };
}

/** By symbol, how often statements came true a horizon later, by the mids that the run itself saw. */
export function statementsTable(report: RunReport): Table {
  const { run, model } = report;
  return {
    caption: `${runMark(report)}Did the price go where the model said? Mid ${model.horizonBars} bars later; statements overlap, and so the interval is that of one in ${model.horizonBars}`,
    columns: [
      { name: "symbol", kind: "short" },
      { name: "statements" },
      { name: "came true", unit: "%", digits: 1 },
      { name: "interval", unit: "%", kind: "aside" },
      { name: "staked" },
      { name: "staked came true", unit: "%", digits: 1 },
      { name: "interval", unit: "%", kind: "aside" },
    ],
    rows: run.record.symbols.map((symbol) => statementsRow(report, symbol)),
  };
}

function statementsRow({ decisions, model }: RunReport, symbol: string): readonly Cell[] {
  const { barUs, horizonBars } = model;
  const own = decisions.filter((one) => one.symbol === symbol);
  const mids = new Map(own.map(({ barEndUs, mid }) => [barEndUs, mid]));
  const judged = own.flatMap(({ barEndUs, mid, probability, side }) => {
    const later = mids.get(barEndUs + horizonBars * barUs) ?? Number.NaN;
    if (Number.isNaN(probability) || !(mid > 0) || !(later > 0) || later === mid) return [];
    return [{ isTrue: later > mid === probability > 0.5, isStaked: side !== 0 }];
  });
  const cells = (some: typeof judged): readonly Cell[] => {
    const right = some.filter(({ isTrue }) => isTrue).length;
    const share = wilsonInterval(right / horizonBars, some.length / horizonBars);
    return [some.length, percent(share.estimate), intervalText(share, 1)];
  };
  return [symbol, ...cells(judged), ...cells(judged.filter(({ isStaked }) => isStaked))];
}

/** By symbol, what orders became and what trading cost. */
export function fillsTable(report: RunReport): Table {
  const { run } = report;
  return {
    caption: `${runMark(report)}Orders, fills and costs`,
    columns: [
      { name: "symbol", kind: "short" },
      { name: "orders" },
      { name: "filled" },
      { name: "not filled, or in part" },
      { name: "withdrawn" },
      { name: "traded", unit: "USD", digits: 0 },
      { name: "fees", unit: "USD", digits: 2 },
      { name: "fees", unit: "bps", digits: 2 },
      { name: "paid beyond the mid", unit: "bps", digits: 2 },
    ],
    rows: run.record.symbols.map((symbol) => fillsRow(report, symbol)),
  };
}

function fillsRow({ orders, ends, fills }: RunReport, symbol: string): readonly Cell[] {
  const own = orders.filter((order) => order.symbol === symbol);
  const ids = new Set(own.map(({ id }) => id));
  const ended = (status: string): number =>
    ends.filter((end) => end.status === status && ids.has(end.orderId)).length;
  const traded = fills.filter((fill) => fill.symbol === symbol);
  const sum = (of: (fill: (typeof traded)[number]) => number): number =>
    traded.reduce((all, fill) => all + of(fill), 0);
  // A book's mid is missing where one of its sides was.
  const known = traded.filter(({ mid }) => mid > 0);
  const beyondUsd = known.reduce(
    (all, { valueUsd, amount, mid }) => all + valueUsd - amount * mid,
    0,
  );
  const atMidUsd = known.reduce((all, { amount, mid }) => all + Math.abs(amount) * mid, 0);
  const valueUsd = sum((fill) => Math.abs(fill.valueUsd));
  const feesUsd = sum(({ feeUsd }) => feeUsd);
  const bps = (part: number, whole: number): Cell => (whole > 0 ? (1e4 * part) / whole : null);
  const counts = [own.length, ended("filled"), ended("unfilled"), ended("withdrawn")];
  return [symbol, ...counts, valueUsd, feesUsd, bps(feesUsd, valueUsd), bps(beyondUsd, atMidUsd)];
}

/** By symbol, what closed trades earned. */
export function closedTradesTable(report: RunReport): Table {
  const { run, trades } = report;
  return {
    caption: `${runMark(report)}Closed trades, of all days of the run`,
    columns: [
      { name: "symbol", kind: "short" },
      { name: "trades" },
      { name: "won", unit: "%", digits: 1 },
      { name: "profit after costs", unit: "USD", digits: 2 },
      { name: "mean win", unit: "USD", digits: 2 },
      { name: "mean loss", unit: "USD", digits: 2 },
      { name: "held", unit: "minutes", digits: 1 },
    ],
    rows: run.record.symbols.map((symbol): readonly Cell[] => {
      const own = trades.filter((trade) => trade.symbol === symbol);
      const profits = own.map(({ profitUsd }) => profitUsd);
      const wins = profits.filter((profit) => profit > 0);
      const losses = profits.filter((profit) => profit <= 0);
      const held = own.map(({ openedUs, closedUs }) => (closedUs - openedUs) / MINUTE_US);
      const meanOf = (values: readonly number[]): Cell =>
        values.length === 0 ? null : mean(values);
      const profitUsd = profits.reduce((all, profit) => all + profit, 0);
      const won = own.length === 0 ? null : (100 * wins.length) / own.length;
      return [symbol, own.length, won, profitUsd, meanOf(wins), meanOf(losses), meanOf(held)];
    }),
  };
}

/** What an operator had to know of, the last of it in full. */
export function eventsTable(report: RunReport): Table {
  const { events } = report;
  const shown = events.slice(-SHOWN_EVENTS);
  const others = events.length - shown.length;
  return {
    caption: `${runMark(report)}Events of account, feed and journal${others > 0 ? `, the last ${shown.length} of ${events.length}` : ""}`,
    columns: [
      { name: "time (UTC)", kind: "short" },
      { name: "event", kind: "short" },
      { name: "symbol", kind: "short" },
      { name: "in words", kind: "long" },
    ],
    rows: shown.map(({ atUs, name, symbol, detail }) => [formatUtc(atUs), name, symbol, detail]),
  };
}

/** What a bar's decision says, for counting. */
function saidOf({ side, reason }: RunDecision): string {
  const staked = side === 1 ? "staked on up" : side === -1 ? "staked on down" : "";
  if (staked !== "") return reason === "" ? staked : `${staked}, ${reason}`;
  return reason === "" ? "nothing to order" : reason;
}

/** The most frequent first. */
export function countedBy<Item>(
  items: readonly Item[],
  of: (item: Item) => string,
): readonly (readonly [said: string, count: number])[] {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(of(item), (counts.get(of(item)) ?? 0) + 1);
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
}
