import { MINUTE_US } from "../../core/time.js";

/** When losses stop entries, and for how long. */
export interface CooldownSettings {
  /** So many losing trades in a row; 0 for no such rule. */
  readonly lossesInARow: number;
  /** So much lost within the window, gains counted against it, USD; 0 for no such rule. */
  readonly lossUsd: number;
  readonly windowMinutes: number;
  /** Bars without an entry. */
  readonly bars: number;
  readonly barUs: number;
}

/** What a cooldown remembers; plain JSON. */
export interface CooldownState {
  readonly lossesInARow: number;
  /** Trades of the window, in order of time. */
  readonly recent: readonly { readonly closedUs: number; readonly profitUsd: number }[];
  /** Bars that end up to this have no entry; null before the first. */
  readonly untilUs: number | null;
}

/** No trade was closed yet. */
export const NO_LOSSES: CooldownState = { lossesInARow: 0, recent: [], untilUs: null };

/**
 * The state after a trade was closed. What starts a cooldown is forgotten, so that each loss does it once.
 *
 * @param trade - at the time of the one before or later; its profit after all costs
 */
export function afterTrade(
  settings: CooldownSettings,
  state: CooldownState,
  { closedUs, profitUsd }: { readonly closedUs: number; readonly profitUsd: number },
): CooldownState {
  const lossesInARow = profitUsd < 0 ? state.lossesInARow + 1 : 0;
  const fromUs = closedUs - settings.windowMinutes * MINUTE_US;
  const recent = [...state.recent, { closedUs, profitUsd }].filter(
    (trade) => trade.closedUs > fromUs,
  );
  const lostUsd = -recent.reduce((sum, trade) => sum + trade.profitUsd, 0);
  const isRow = settings.lossesInARow > 0 && lossesInARow >= settings.lossesInARow;
  const isLoss = settings.lossUsd > 0 && lostUsd >= settings.lossUsd;
  if (!isRow && !isLoss) return { ...state, lossesInARow, recent };
  return { ...NO_LOSSES, untilUs: closedUs + settings.bars * settings.barUs };
}

/** Whether nothing is entered at the end of a bar. */
export function isCoolingDown({ untilUs }: CooldownState, barEndUs: number): boolean {
  return untilUs !== null && barEndUs <= untilUs;
}
