// For tests only: a backtest written out row by row, slow and without any part of the real one.
import { DAY_US, dateOf } from "../core/time.js";

/** Levels of both sides, best first; undefined where there is no valid book. */
export type PlainBook =
  | {
      readonly bids: readonly (readonly [price: number, amount: number])[];
      readonly asks: readonly (readonly [price: number, amount: number])[];
    }
  | undefined;

/** A row of one symbol, what was predicted there, and the books. */
export interface PlainRow {
  readonly symbol: string;
  readonly barEndUs: number;
  readonly labelEndUs: number;
  /** NaN where no one was asked: nothing is staked, and the bar was not tested. */
  readonly probability: number;
  /** The dataset knows its price, so that its bar was tested. */
  readonly isPriced: boolean;
  readonly decision: PlainBook;
  readonly order: PlainBook;
}

/** Everything that the outcome depends on. */
export interface PlainSettings {
  readonly rule: "mid" | "touch" | "walk";
  readonly capitalUsd: number;
  readonly horizonBars: number;
  readonly barUs: number;
  /** After which labels look at the price, in every rung. */
  readonly labelLatencyUs: number;
  readonly delayUs: number;
  readonly threshold?: number;
  readonly minimumOrderUsd: number;
  readonly feeBps: number;
  readonly funding?: readonly { readonly timeUs: number; readonly rate: number }[];
  /** Amounts of levels are dollars. */
  readonly isInverse?: boolean;
}

/** Shares of the capital. */
export interface PlainResult {
  readonly gross: number;
  readonly net: number;
  readonly fees: number;
  readonly funding: number;
  readonly turnover: number;
  readonly trades: number;
  readonly ordered: number;
  readonly unfilledShare: number;
  /** Stakes given back at a later row than the bar at which they were due. */
  readonly lateStakes: number;
  readonly leftOpen: number;
  readonly daily: PlainDays;
}

/** By date of a tested day: its own return and that of the days before which were not, or at the end of those after it. */
type PlainDays = ReadonlyMap<string, { gross: number; net: number }>;

/** Trades rows, of all symbols in any order. */
export function plainBacktest(rows: readonly PlainRow[], settings: PlainSettings): PlainResult {
  const symbols = [...new Set(rows.map(({ symbol }) => symbol))];
  const daily = new Map<string, { gross: number; net: number }>();
  const sums = {
    gross: 0,
    net: 0,
    fees: 0,
    funding: 0,
    turnover: 0,
    trades: 0,
    ordered: 0,
    unfilled: 0,
    lateStakes: 0,
    leftOpen: 0,
  };
  for (const symbol of symbols) {
    const own = rows.filter((row) => row.symbol === symbol).sort((a, b) => a.barEndUs - b.barEndUs);
    const capital = settings.capitalUsd / symbols.length;
    for (const stretch of stretchesOf(own)) {
      let stakes: { endUs: number; labelEndUs: number; amount: number }[] = [];
      let held = 0;
      let last = Number.NaN;
      let lastHalfSpread = Number.NaN;
      let lastUs = Number.NaN;
      stretch.forEach((row, i) => {
        const isLast = i === stretch.length - 1;
        const atUs = row.barEndUs + settings.delayUs;
        const earned = { gross: 0, net: 0 };
        for (const { timeUs, rate } of settings.funding ?? []) {
          if (!(timeUs > lastUs && timeUs <= atUs) || held === 0) continue;
          earned.net -= rate * held * last;
          sums.funding += rate * held * last;
        }
        const mid = row.order === undefined ? Number.NaN : midOf(row.order);
        if (mid > 0 && held !== 0) {
          earned.gross += held * (mid - last);
          earned.net += held * (mid - last);
        }
        if (mid > 0) {
          last = mid;
          lastHalfSpread = (row.order!.asks[0]![0] - row.order!.bids[0]![0]) / 2;
        }
        const seen = row.decision === undefined ? Number.NaN : midOf(row.decision);
        let order = 0;
        if (isLast) {
          order = -held;
        } else if (seen > 0) {
          const { probability } = row;
          const isBet = Math.abs(probability - 0.5) >= (settings.threshold ?? 0);
          const side = isBet ? Math.sign(probability - 0.5) : 0;
          const amount = (side * capital) / settings.horizonBars / seen;
          const endUs = row.barEndUs + settings.horizonBars * settings.barUs;
          stakes.push({ endUs, labelEndUs: row.labelEndUs, amount });
          const lookUs = row.barEndUs + settings.labelLatencyUs;
          const late = stakes.filter(
            (stake) =>
              stake.amount !== 0 && (stake.endUs < row.barEndUs || stake.labelEndUs < lookUs),
          );
          sums.lateStakes += late.length;
          stakes = stakes.filter(
            (stake) => stake.endUs > row.barEndUs && stake.labelEndUs > lookUs,
          );
          const target = stakes.reduce((sum, stake) => sum + stake.amount, 0);
          order = target - held;
          if (target !== 0 && Math.abs(order) * seen < settings.minimumOrderUsd) order = 0;
        }
        if (order !== 0) {
          const [filled, value] =
            row.order === undefined ? [0, 0] : fillOf(row.order, order, settings);
          const price = last > 0 ? last : seen;
          sums.ordered += Math.abs(order) * price;
          sums.unfilled += (Math.abs(order) - Math.abs(filled)) * price;
          if (filled !== 0) {
            const fee = (Math.abs(value) * settings.feeBps) / 1e4;
            earned.net -= value - filled * mid + fee;
            sums.fees += fee;
            sums.turnover += Math.abs(value);
            if (Math.abs(value) >= 0.01) sums.trades++;
            held += filled;
          }
        }
        if (isLast && held !== 0) {
          // What is left is charged what a taker pays: half the last known spread, and the fee.
          const halfSpread = settings.rule === "mid" ? 0 : lastHalfSpread;
          const value = Math.abs(held) * last - held * halfSpread;
          const fee = (Math.abs(value) * settings.feeBps) / 1e4;
          earned.net -= Math.abs(held) * halfSpread + fee;
          sums.fees += fee;
          sums.turnover += Math.abs(value);
          sums.leftOpen += Math.abs(held) * last;
        }
        lastUs = atUs;
        const date = dateOf(row.barEndUs - 1);
        const day = daily.get(date) ?? { gross: 0, net: 0 };
        day.gross += earned.gross / settings.capitalUsd;
        day.net += earned.net / settings.capitalUsd;
        daily.set(date, day);
        sums.gross += earned.gross;
        sums.net += earned.net;
      });
    }
  }
  const share = (value: number): number => value / settings.capitalUsd;
  return {
    gross: share(sums.gross),
    net: share(sums.net),
    fees: share(sums.fees),
    funding: share(sums.funding),
    turnover: share(sums.turnover),
    trades: sums.trades,
    ordered: share(sums.ordered),
    unfilledShare: sums.unfilled / sums.ordered,
    lateStakes: sums.lateStakes,
    leftOpen: share(sums.leftOpen),
    daily: joinedDays(rows, settings.barUs, daily),
  };
}

/** Rows between pauses of more than a day, each up to its last one of a known price, where it has any. */
function stretchesOf(own: readonly PlainRow[]): readonly (readonly PlainRow[])[] {
  const stretches: PlainRow[][] = [];
  for (const row of own) {
    const last = stretches.at(-1)?.at(-1);
    if (last === undefined || row.barEndUs - last.barEndUs > DAY_US) stretches.push([row]);
    else stretches.at(-1)!.push(row);
  }
  return stretches.map((all) => {
    const priced = all.filter(({ isPriced }) => isPriced);
    return priced.length === 0 ? all : all.slice(0, all.indexOf(priced.at(-1)!) + 1);
  });
}

function joinedDays(rows: readonly PlainRow[], barUs: number, byDate: PlainDays): PlainDays {
  const dates = [...byDate.keys()].sort();
  const asked = rows.filter((row) => row.isPriced && !Number.isNaN(row.probability));
  const bars = asked.map(({ barEndUs }) => ({ barEndUs, date: dateOf(barEndUs - 1) }));
  const tested = dates.filter((date) => {
    const own = bars.filter((bar) => bar.date === date).map(({ barEndUs }) => barEndUs);
    return new Set(own).size >= DAY_US / barUs / 2;
  });
  const result = new Map(tested.map((date) => [date, { gross: 0, net: 0 }]));
  for (const date of dates) {
    const home = result.get(tested.find((other) => other >= date) ?? tested.at(-1) ?? "none");
    if (home === undefined) continue;
    home.gross += byDate.get(date)!.gross;
    home.net += byDate.get(date)!.net;
  }
  return result;
}

function midOf({ bids, asks }: NonNullable<PlainBook>): number {
  return (bids[0]![0] + asks[0]![0]) / 2;
}

function fillOf(
  book: NonNullable<PlainBook>,
  order: number,
  { rule, isInverse }: PlainSettings,
): readonly [amount: number, value: number] {
  const side = order > 0 ? book.asks : book.bids;
  if (rule === "mid") return [order, order * midOf(book)];
  if (rule === "touch") return [order, order * side[0]![0]];
  let filled = 0;
  let value = 0;
  for (const [price, shown] of side) {
    const base = isInverse === true ? shown / price : shown;
    const taken = Math.min(Math.abs(order) - filled, base);
    filled += taken;
    value += taken * price;
  }
  return [Math.sign(order) * filled, Math.sign(order) * value];
}
