import { type Random, seededRandom } from "../../core/random.js";
import type { Dataset } from "../../dataset/matrix.js";
import type { RowVerdict } from "../../features/hourly-verdicts.js";
import type { RunEvents } from "./event-series.js";
import { walkBook } from "./walk-book.js";
import { type WalkPath, walkPath } from "./walk-path.js";
import { walkTrades } from "./walk-trades.js";

/** Rows of a dataset that a random walk goes over: of each symbol those from one on, to another. */
export interface WalkSpan {
  readonly symbols: readonly string[];
  readonly rows: readonly (readonly [from: number, to: number])[];
  /** Bars of all symbols together. */
  readonly bars: number;
}

/** Random walks of a span's symbols. */
export interface WalkMarket {
  /** Of each symbol, run by run. */
  readonly events: readonly (readonly RunEvents[])[];
  /** 0 at each bar of all symbols after whose end plus latency there is no book. */
  readonly hasPrice: Uint8Array;
}

/** Bars that a walk takes at most, and the symbols that they are shared by then. */
const MOST_BARS = 24_000;
const MOST_SYMBOLS = 3;

/**
 * The whole dataset, or the last part of its first symbols where it is long: bars beyond some ten thousands add little.
 *
 * @param leastBars - of a symbol that labels far ahead ask for: rather than fewer, fewer symbols are walked, and more bars of one
 */
export function walkSpan({ rows, symbols, symbolIndex }: Dataset, leastBars = 0): WalkSpan {
  const spans = symbols.map((_, s): readonly [number, number] => {
    const from = symbolIndex.indexOf(s);
    return from === -1 ? [0, 0] : [from, symbolIndex.lastIndexOf(s) + 1];
  });
  if (rows <= MOST_BARS) return { symbols, rows: spans, bars: rows };
  const telling = Math.max(1, Math.floor(MOST_BARS / leastBars));
  const used = Math.min(MOST_SYMBOLS, symbols.length, telling);
  const most = Math.max(Math.floor(MOST_BARS / used), leastBars);
  const last = spans
    .slice(0, used)
    .map(([from, to]): readonly [number, number] => [Math.max(from, to - most), to]);
  const bars = last.reduce((sum, [from, to]) => sum + to - from, 0);
  return { symbols: symbols.slice(0, used), rows: last, bars };
}

/** Lays walks over a span, one a symbol, each with coins of its own. */
export function walkMarket(dataset: Dataset, span: WalkSpan, seed: number): WalkMarket {
  const hasPrice: number[] = [];
  const events = span.symbols.map((symbol, s) => {
    const runs = runsOf(dataset, span.rows[s]!);
    return runs.map(([from, to]): RunEvents => {
      const random = (name: string): Random =>
        seededRandom(seed, `${name} of ${symbol} at ${from}`);
      const path = walkPath(dataset, from, to, random("coins"));
      for (const has of path.hasPrice) hasPrice.push(has);
      return walkEvents(path, random, {
        hasBook: dataset.labelKind === "mid",
        verdict: verdictsOf(dataset, from, to),
      });
    });
  });
  return { events, hasPrice: Uint8Array.from(hasPrice) };
}

function walkEvents(
  path: WalkPath,
  random: (name: string) => Random,
  { hasBook, verdict }: { readonly hasBook: boolean; readonly verdict: readonly RowVerdict[] },
): RunEvents {
  return {
    barEndUs: path.barEndUs,
    verdict,
    trades: () => walkTrades(path, { hasBook, random: random("trades") }),
    ...(hasBook ? { bookChanges: () => walkBook(path, random("book")) } : {}),
  };
}

/** Rows between which no bar is missing. */
function runsOf(
  { barEndUs, barUs }: Dataset,
  [from, to]: readonly [number, number],
): readonly (readonly [number, number])[] {
  const runs: (readonly [number, number])[] = [];
  let begin = from;
  for (let row = from + 1; row <= to; row++) {
    if (row < to && barEndUs[row]! - barEndUs[row - 1]! === barUs) continue;
    runs.push([begin, row]);
    begin = row;
  }
  return runs;
}

function verdictsOf({ isBad, isAudited }: Dataset, from: number, to: number): RowVerdict[] {
  return Array.from({ length: to - from }, (_, i) => {
    if (isAudited[from + i] === 0) return "unknown";
    return isBad[from + i] === 1 ? "bad" : "good";
  });
}
