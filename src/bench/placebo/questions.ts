import type { FoldSettings } from "../../dataset/folds.js";
import type { SmallMarketSettings } from "./small-market.js";

/** One of the markets whose answer is known, and how it is asked. */
export interface Question {
  readonly market: SmallMarketSettings;
  /** Anchored folds, so that a market of few days has many test days. */
  readonly folds: Pick<FoldSettings, "folds" | "shares">;
}

/** What the benchmark asks. */
export type QuestionName = "null" | "informative" | "strong";

/**
 * Days, bars and folds of each question; the markets themselves are the committed ones.
 *
 * - `null`: the direction of the next 15 minutes, of one symbol in bars of five minutes, since a hundred markets of one-minute
 *   bars would take a day; labels overlap threefold. 93 test days, because with fewer than 90 the Sharpe ratios are never judged.
 * - `informative`: the question that the workbench is for: 15 minutes ahead at every minute, three symbols. It takes some
 *   weeks of labels to learn what the 53 features know, because 15-minute labels of a minute's distance are hardly more
 *   than one in fifteen minutes.
 * - `strong`: an hour ahead. At 15 minutes this market moves 9 bps on average and a round trip costs 7, so that trading
 *   every bar would need 88 % right calls to pay, more than anybody can know there; in an hour it moves 30 bps. 92 test days.
 */
export const QUESTIONS: Readonly<Record<QuestionName, Question>> = {
  null: {
    market: { edge: "none", days: 117, symbols: 1, barMinutes: 5, horizonMinutes: 15 },
    folds: { folds: 2, shares: { train: 0.2, earlyStop: 0.04, calibrate: 0.08, test: 0.68 } },
  },
  informative: {
    market: { edge: "informative", days: 90, symbols: 3, barMinutes: 1, horizonMinutes: 15 },
    folds: { folds: 3, shares: { train: 0.6, earlyStop: 0.05, calibrate: 0.1, test: 0.25 } },
  },
  strong: {
    market: { edge: "strong", days: 130, symbols: 3, barMinutes: 15, horizonMinutes: 60 },
    folds: { folds: 3, shares: { train: 0.35, earlyStop: 0.05, calibrate: 0.1, test: 0.5 } },
  },
};
