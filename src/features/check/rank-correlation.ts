import type { RankCodes } from "./rank-codes.js";

/** Spearman's correlation of two columns, and how much each row moves it. */
export interface RankCorrelation {
  /** In [−1, 1]; NaN with fewer than two rows or when one column has one value only. */
  readonly value: number;
  /**
   * Influence of each row where both are there, in their order: deviations whose mean is 0 and whose average over other
   * rows would be the estimate's error.
   */
  readonly influence: Float64Array;
}

/**
 * Spearman's rank correlation: Pearson's of the mid-ranks, ties sharing the middle one, over the rows where both are
 * there.
 *
 * The influence is that of the estimated ranks too, not only of their product: a row also moves the ranks of all others.
 * With F, G the mid-distribution functions, N = E[F·G] − ¼, V = E[F²] − ¼, W = E[G²] − ¼ and ρ = N/√(V·W), a row (x, y)
 * moves N by F(x)G(y) + E[G·(x ≺ X)] + E[F·(y ≺ Y)], V by F(x)² + 2E[F·(x ≺ X)] and W alike, where (x ≺ X) is 1 if x < X
 * and ½ if x = X.
 *
 * @param x - n rows
 * @param y - n rows
 * @see Borkowf (2002), Computing the nonnull asymptotic variance of Spearman's rank correlation
 */
export function rankCorrelation(x: RankCodes, y: RankCodes): RankCorrelation {
  const rows = commonRows(x, y);
  const [F, G] = [midDistribution(x, rows), midDistribution(y, rows)];
  const ofX = (row: number): number => F[x.code[row]!]!;
  const ofY = (row: number): number => G[y.code[row]!]!;
  let [product, squareX, squareY] = [0, 0, 0];
  for (const row of rows) {
    product += (ofX(row) - 0.5) * (ofY(row) - 0.5);
    squareX += (ofX(row) - 0.5) ** 2;
    squareY += (ofY(row) - 0.5) ** 2;
  }
  const scale = Math.sqrt(squareX * squareY);
  if (!(scale > 0)) return { value: Number.NaN, influence: new Float64Array(rows.length) };
  const value = Math.min(Math.max(product / scale, -1), 1);
  const [otherAbove, otherAboveY] = [meanAbove(x, rows, ofY), meanAbove(y, rows, ofX)];
  const [ownAbove, ownAboveY] = [meanAbove(x, rows, ofX), meanAbove(y, rows, ofY)];
  const influence = new Float64Array(rows.length);
  rows.forEach((row, i) => {
    const [a, b] = [x.code[row]!, y.code[row]!];
    const moveN = F[a]! * G[b]! + otherAbove[a]! + otherAboveY[b]!;
    const moveV = F[a]! ** 2 + 2 * ownAbove[a]!;
    const moveW = G[b]! ** 2 + 2 * ownAboveY[b]!;
    influence[i] =
      rows.length * (moveN / scale - (value / 2) * (moveV / squareX + moveW / squareY));
  });
  center(influence);
  return { value, influence };
}

/** Rows where both columns have a value. */
function commonRows(x: RankCodes, y: RankCodes): Uint32Array {
  const rows = new Uint32Array(x.code.length);
  let count = 0;
  for (let row = 0; row < rows.length; row++) {
    if (x.code[row]! >= 0 && y.code[row]! >= 0) rows[count++] = row;
  }
  return rows.subarray(0, count);
}

/** Share of the rows below each code, those equal to it counted half. */
function midDistribution({ code, distinct }: RankCodes, rows: Uint32Array): Float64Array {
  const share = new Float64Array(distinct);
  for (const row of rows) share[code[row]!]!++;
  let below = 0;
  for (let c = 0; c < distinct; c++) {
    const own = share[c]!;
    share[c] = (below + own / 2) / rows.length;
    below += own;
  }
  return share;
}

/** For each code, the mean over rows of a quantity where the row's code is above it, half of it where it is equal. */
function meanAbove(
  { code, distinct }: RankCodes,
  rows: Uint32Array,
  quantity: (row: number) => number,
): Float64Array {
  const sums = new Float64Array(distinct);
  for (const row of rows) sums[code[row]!]! += quantity(row);
  let above = 0;
  for (let c = distinct - 1; c >= 0; c--) {
    const own = sums[c]!;
    sums[c] = (above + own / 2) / rows.length;
    above += own;
  }
  return sums;
}

function center(values: Float64Array): void {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  for (let i = 0; i < values.length; i++) values[i]! -= mean;
}
