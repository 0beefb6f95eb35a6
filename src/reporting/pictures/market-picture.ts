// The market around a finding: best bid and ask, and trades.
import type { LocatedFinding } from "../../audit/audit.js";
import type { CheckName } from "../../audit/finding.js";
import type { BookType } from "../../audit/measuring/book-state.js";
import { counted } from "../../core/counted.js";
import { quantile } from "../../core/statistics.js";
import type { SymbolDay } from "../../store/read.js";
import type { Store } from "../../store/store.js";
import type { PictureWindow } from "./finding-window.js";
import { broken, sideDots, statePoints, tickerLines, touchLines } from "./market-series.js";
import type { PictureContent, Series } from "./picture.js";
import { type WindowStates, windowStates } from "./window-states.js";
import { type PricedRows, pickRows, windowTicks } from "./window-trades.js";

/** Checks whose findings are rows: these are circled. */
const OF_ROWS: ReadonlySet<CheckName> = new Set(["duplicate", "outlier", "trade-outside-book"]);

/** Checks in whose stretches nothing is known of the finding's type: its line breaks off. */
const OF_SILENCE: ReadonlySet<CheckName> = new Set(["gap", "coverage", "reconnect"]);

/** Types that show best prices, the one that trades are held against first. */
const TOUCH_TYPES: readonly BookType[] = [
  "incremental_book_L2",
  "book_snapshot_25",
  "book_snapshot_5",
  "quotes",
];

/** Said where the store has no row of a window. */
export const NOTHING = "nothing is stored of this time";

/** Changes of the book farther from the best prices than so many spreads are not drawn. */
const NEAR_SPREADS = 20;

/** Best bid and ask, trades, and the finding's own rows in a window. */
export async function marketPicture(
  store: Store,
  day: SymbolDay,
  finding: LocatedFinding,
  window: PictureWindow,
): Promise<PictureContent> {
  const { type, check, spans } = finding;
  const isFound = (timeUs: number): boolean =>
    OF_ROWS.has(check) && spans.some(([startUs, endUs]) => timeUs >= startUs && timeUs <= endUs);
  const ticker = type === "derivative_ticker" ? await tickerLines(store, day, window) : [];
  const touch = ticker.length > 0 ? undefined : await firstTouch(store, day, finding, window);
  const isSilent = touch?.type === type && OF_SILENCE.has(check);
  const states = touch && broken(touch.states, isSilent ? spans : []);
  const trades = await windowTicks(store, { ...day, type: "trades" }, window, isFound);
  const isOfChanges = OF_ROWS.has(check) && type === "incremental_book_L2";
  const changes = isOfChanges
    ? nearChanges(await windowTicks(store, { ...day, type }, window, isFound), states, isFound)
    : undefined;
  const series: Series[] = [
    ...ticker,
    ...(states === undefined ? [] : touchLines(states)),
    ...(changes === undefined
      ? []
      : sideDots(changes, { up: "bid change", down: "ask change", isSized: false })),
    ...sideDots(trades, { up: "buy", down: "sell", isSized: true }),
  ];
  const own = changes ?? (type === "trades" ? trades : statePoints(states));
  const found = foundRows(own, isFound, check);
  const drawn = [
    ...(touch === undefined ? [] : [counted(touch.states.count, "state")]),
    ...(ticker.length === 0 ? [] : [counted(ticker[0]!.timesUs.length, "ticker row")]),
    ...(changes === undefined ? [] : [counted(changes.count, "change")]),
    counted(trades.count, "trade"),
  ];
  return {
    panels: [
      {
        name: "price",
        axis: "price (quote currency)",
        series: series.filter(({ timesUs }) => timesUs.length > 0),
        circled: { timesUs: found.timesUs, values: found.price },
      },
    ],
    what: wordsOf({ touch: touch?.type, hasTicker: ticker.length > 0, trades, changes, found }),
    n: drawn.join(", "),
  };
}

/** The finding's rows; of several rows of one time the one that stands farthest out, where that is what was found. */
function foundRows(
  rows: PricedRows,
  isFound: (timeUs: number) => boolean,
  check: CheckName,
): PricedRows {
  const found = pickRows(rows, (row) => isFound(rows.timesUs[row]!));
  if (check === "duplicate") return found;
  const middle = quantile(rows.price.filter(Number.isFinite), 0.5);
  const far = (row: number): number => Math.abs(found.price[row]! - middle);
  const best = new Map<number, number>();
  found.timesUs.forEach((timeUs, row) => {
    const known = best.get(timeUs);
    const isFarther =
      known === undefined ||
      far(row) > far(known) ||
      (far(row) === far(known) && found.amount[row]! > found.amount[known]!);
    if (isFarther) best.set(timeUs, row);
  });
  return pickRows(found, (row) => best.get(found.timesUs[row]!) === row);
}

function wordsOf({
  touch,
  hasTicker,
  trades,
  changes,
  found,
}: {
  readonly touch: BookType | undefined;
  readonly hasTicker: boolean;
  readonly trades: PricedRows;
  readonly changes: PricedRows | undefined;
  readonly found: PricedRows;
}): string {
  const parts = [
    ...(touch === undefined ? [] : [`best bid and ask of ${touch}`]),
    ...(hasTicker ? ["prices of derivative_ticker"] : []),
    ...(changes === undefined ? [] : ["changes of levels near them as small dots"]),
    ...(trades.timesUs.length === 0 ? [] : ["trades as dots, area ∝ amount"]),
    ...(found.timesUs.length === 0 ? [] : ["circled: what was found"]),
  ];
  return parts.length === 0 ? NOTHING : parts.join(", ");
}

/** States of the finding's own type, else of the first that has any in the window. */
async function firstTouch(
  store: Store,
  day: SymbolDay,
  { type: own }: LocatedFinding,
  window: PictureWindow,
): Promise<{ readonly type: BookType; readonly states: WindowStates } | undefined> {
  const types = [...TOUCH_TYPES].sort((a, b) => Number(b === own) - Number(a === own));
  for (const type of types) {
    const states = await windowStates(store, day, { type, window });
    if (states.timesUs.length > 0) return { type, states };
  }
  return undefined;
}

function nearChanges(
  changes: PricedRows,
  states: WindowStates | undefined,
  isFound: (timeUs: number) => boolean,
): PricedRows {
  const bids = (states?.bidPrice ?? new Float64Array(0)).filter(Number.isFinite);
  const asks = (states?.askPrice ?? new Float64Array(0)).filter(Number.isFinite);
  if (bids.length === 0 || asks.length === 0) return changes;
  const [bid, ask] = [quantile(bids, 0.5), quantile(asks, 0.5)];
  const reach = NEAR_SPREADS * Math.max(ask - bid, bid * 1e-5);
  return pickRows(
    changes,
    (row) =>
      isFound(changes.timesUs[row]!) || Math.abs(changes.price[row]! - (bid + ask) / 2) <= reach,
  );
}
