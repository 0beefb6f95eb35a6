import { QUESTIONS, type Question } from "../placebo/questions.js";

/** What the benchmark asks of a market. */
export type LearningQuestionName = "informative" | "null";

/**
 * Markets, bars and folds of each question; the markets themselves are the committed ones.
 *
 * - `informative`: that of the placebo benchmark, so that what networks reach stands beside what a line is known to reach.
 * - `null`: the same bars and labels where nothing can be known. One symbol, since the symbols of one market move together and
 *   more of them say little more about luck.
 */
export const LEARNING_QUESTIONS: Readonly<Record<LearningQuestionName, Question>> = {
  informative: QUESTIONS.informative,
  null: {
    market: { edge: "none", days: 60, symbols: 1, barMinutes: 1, horizonMinutes: 15 },
    folds: QUESTIONS.informative.folds,
  },
};
