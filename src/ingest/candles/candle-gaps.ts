import { dayStartUs, MINUTE_US } from "../../core/time.js";
import type { CandleKey } from "../../store/candle-table.js";
import type { Store } from "../../store/store.js";
import { type GapKind, knowGaps, type MinuteRun } from "./minute-gaps.js";
import { tradedMinutes } from "./traded-minutes.js";

/** A time without candles. */
export interface CandleGap {
  readonly exchange: string;
  readonly symbol: string;
  /** First minute, as `2024-08-08T00:05:00Z`. */
  readonly from: string;
  /** Minute after the last. */
  readonly to: string;
  readonly minutes: number;
  readonly kind: GapKind;
}

/**
 * The gaps of days, each said to be missing, without a trade, or unknown by the trades that the store holds now.
 *
 * @param days - by symbol, days in order; minutes of each that have no candle
 * @returns gaps in the same order; one that goes over midnight is one
 * @throws {DataError} a partition of trades is damaged
 */
export async function candleGaps(
  store: Store,
  days: readonly { readonly key: CandleKey; readonly gaps: readonly MinuteRun[] }[],
): Promise<readonly CandleGap[]> {
  const found: CandleGap[] = [];
  for (const { key, gaps } of days) {
    if (gaps.length === 0) continue;
    for (const { run, kind } of knowGaps(gaps, await tradedMinutes(store, key))) {
      const gap = describe(key, run, kind);
      const last = found.at(-1);
      if (last !== undefined && continues(last, gap)) {
        found[found.length - 1] = { ...last, to: gap.to, minutes: last.minutes + gap.minutes };
      } else found.push(gap);
    }
  }
  return found;
}

function describe(
  { exchange, symbol, date }: CandleKey,
  [first, minutes]: MinuteRun,
  kind: GapKind,
): CandleGap {
  const startUs = dayStartUs(date) + first * MINUTE_US;
  const to = isoMinute(startUs + minutes * MINUTE_US);
  return { exchange, symbol, from: isoMinute(startUs), to, minutes, kind };
}

function continues(last: CandleGap, { exchange, symbol, from, kind }: CandleGap): boolean {
  if (last.exchange !== exchange || last.symbol !== symbol) return false;
  return last.to === from && last.kind === kind;
}

function isoMinute(timeUs: number): string {
  return new Date(timeUs / 1000).toISOString().replace(".000Z", "Z");
}
