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
  const { a, b, rows } = commonCodes(x, y);
  const F = midDistribution(a, x.distinct);
  const G = midDistribution(b, y.distinct);
  let [product, squareX, squareY] = [0, 0, 0];
  for (let i = 0; i < rows; i++) {
    const f = F[i]! - 0.5;
    const g = G[i]! - 0.5;
    product += f * g;
    squareX += f * f;
    squareY += g * g;
  }
  const scale = Math.sqrt(squareX * squareY);
  const influence = new Float64Array(rows);
  if (!(scale > 0)) return { value: Number.NaN, influence };
  const value = Math.min(Math.max(product / scale, -1), 1);
  const [gAbove, fAbove] = [meanAbove(a, x.distinct, G), meanAbove(b, y.distinct, F)];
  const [ownX, ownY] = [meanAbove(a, x.distinct, F), meanAbove(b, y.distinct, G)];
  for (let i = 0; i < rows; i++) {
    const f = F[i]!;
    const g = G[i]!;
    const moveN = f * g + gAbove[a[i]!]! + fAbove[b[i]!]!;
    const moveV = (f * f + 2 * ownX[a[i]!]!) / squareX;
    const moveW = (g * g + 2 * ownY[b[i]!]!) / squareY;
    influence[i] = rows * (moveN / scale - (value / 2) * (moveV + moveW));
  }
  center(influence);
  return { value, influence };
}

/** Codes of the rows where both columns have a value. */
function commonCodes(
  x: RankCodes,
  y: RankCodes,
): { readonly a: Int32Array; readonly b: Int32Array; readonly rows: number } {
  const [a, b] = [new Int32Array(x.code.length), new Int32Array(x.code.length)];
  let rows = 0;
  for (let row = 0; row < a.length; row++) {
    if (x.code[row]! < 0 || y.code[row]! < 0) continue;
    a[rows] = x.code[row]!;
    b[rows++] = y.code[row]!;
  }
  return { a: a.subarray(0, rows), b: b.subarray(0, rows), rows };
}

/** Share of the rows below each row's code, those equal to it counted half. */
function midDistribution(codes: Int32Array, distinct: number): Float64Array {
  const share = new Float64Array(distinct);
  for (let i = 0; i < codes.length; i++) share[codes[i]!]!++;
  let below = 0;
  for (let c = 0; c < distinct; c++) {
    const own = share[c]!;
    share[c] = (below + own / 2) / codes.length;
    below += own;
  }
  const ofRow = new Float64Array(codes.length);
  for (let i = 0; i < codes.length; i++) ofRow[i] = share[codes[i]!]!;
  return ofRow;
}

/** For each code, the mean over rows of a quantity where the row's code is above it, half of it where it is equal. */
function meanAbove(codes: Int32Array, distinct: number, quantity: Float64Array): Float64Array {
  const sums = new Float64Array(distinct);
  for (let i = 0; i < codes.length; i++) sums[codes[i]!]! += quantity[i]!;
  let above = 0;
  for (let c = distinct - 1; c >= 0; c--) {
    const own = sums[c]!;
    sums[c] = (above + own / 2) / codes.length;
    above += own;
  }
  return sums;
}

function center(values: Float64Array): void {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  for (let i = 0; i < values.length; i++) values[i]! -= sum / values.length;
}
