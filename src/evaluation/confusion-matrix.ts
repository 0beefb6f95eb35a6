import { requireSameLength } from "../core/columns.js";
import { chosenSideValue } from "./accuracy.js";

/**
 * Rows by what was called and what came. A tie, of outcome or of probability, is half a row on either side, so the entries
 * need not be whole; their sum is the number of rows.
 */
export interface ConfusionMatrix {
  /** Called "up" and went up. */
  readonly truePositive: number;
  readonly falsePositive: number;
  readonly falseNegative: number;
  /** Called "down" and went down. */
  readonly trueNegative: number;
}

/**
 * Counts what was called by the more probable side.
 *
 * @param probability - n probabilities of "up", in [0, 1]
 * @param outcome - n outcomes: 1 up, 0 down, ½ tie
 * @throws {ShapeError} the lengths differ
 */
export function confusionMatrix(
  probability: ArrayLike<number>,
  outcome: ArrayLike<number>,
): ConfusionMatrix {
  const rows = requireSameLength({ probability, outcome });
  let ups = 0;
  let upCalls = 0;
  let upsCalled = 0;
  for (let i = 0; i < rows; i++) {
    const call = chosenSideValue(probability[i]!, 1);
    ups += outcome[i]!;
    upCalls += call;
    upsCalled += call * outcome[i]!;
  }
  return confusionOf({ rows, ups, upCalls, upsCalled });
}

/** The matrix by its margins. */
export function confusionOf({
  rows,
  ups,
  upCalls,
  upsCalled,
}: Readonly<Record<"rows" | "ups" | "upCalls" | "upsCalled", number>>): ConfusionMatrix {
  return {
    truePositive: upsCalled,
    falsePositive: upCalls - upsCalled,
    falseNegative: ups - upsCalled,
    trueNegative: rows - ups - upCalls + upsCalled,
  };
}
