import { DataError } from "../core/errors.js";
import type { Dataset } from "./matrix.js";

/**
 * Refuses a dataset of which no row can be used because some input has no value in any row of a symbol: a column that is
 * missing or constant in the source, or a window longer than the days.
 *
 * @throws {DataError} names the inputs of the first such symbol, and its rows
 */
export function requireSeenInputs(
  dataset: Pick<
    Dataset,
    "exchange" | "symbols" | "featureNames" | "rows" | "inputs" | "symbolIndex"
  >,
): void {
  const { exchange, symbols, featureNames, rows, inputs, symbolIndex } = dataset;
  const width = featureNames.length;
  symbols.forEach((symbol, s) => {
    const seen = new Uint8Array(width);
    let own = 0;
    for (let row = 0; row < rows; row++) {
      if (symbolIndex[row] !== s) continue;
      own++;
      for (let j = 0; j < width; j++) if (!Number.isNaN(inputs[row * width + j]!)) seen[j] = 1;
    }
    const unseen = featureNames.filter((_, j) => seen[j] === 0);
    if (own === 0 || unseen.length === 0) return;
    throw new DataError({
      file: `${exchange} ${symbol}`,
      column: unseen.join(", "),
      message: `had no value in any of the ${own.toLocaleString("en-US")} rows, so that none can be used: its source is constant or missing, or the days are fewer than it looks back on`,
      fix: "give more days, or features without it",
    });
  });
}
