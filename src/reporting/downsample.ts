/** At most this many points are drawn for a trace. */
export const MAX_POINTS = 5000;

/**
 * Rows to keep so that a line looks the same: the first and last, and the lowest and highest of each stretch of rows,
 * so that no spike is lost.
 *
 * @param values - what is drawn; NaN is kept where a stretch holds nothing else, so that gaps stay gaps
 * @param limit - most rows to keep
 * @returns row numbers, ascending
 */
export function extremeRows(values: ArrayLike<number>, limit: number = MAX_POINTS): number[] {
  const n = values.length;
  if (n <= limit) return Array.from({ length: n }, (_, i) => i);
  const stretches = Math.max(1, Math.floor((limit - 2) / 2));
  const rows = new Set<number>([0, n - 1]);
  for (let k = 0; k < stretches; k++) {
    const start = Math.floor((k * n) / stretches);
    const end = Math.floor(((k + 1) * n) / stretches);
    let low = start;
    let high = start;
    for (let i = start; i < end; i++) {
      if (values[i]! < values[low]! || Number.isNaN(values[low]!)) low = i;
      if (values[i]! > values[high]! || Number.isNaN(values[high]!)) high = i;
    }
    rows.add(low).add(high);
  }
  return [...rows].sort((a, b) => a - b);
}

/** Every k-th row, so that at most `limit` remain; for points whose order carries no shape. */
export function everyNthRow(n: number, limit: number = MAX_POINTS): number[] {
  const step = Math.max(1, Math.ceil(n / limit));
  return Array.from({ length: Math.ceil(n / step) }, (_, i) => i * step);
}

/** The rows with the largest values, at most `limit`, in ascending order; of equals the earlier. */
export function largestRows(values: ArrayLike<number>, limit: number): number[] {
  const rows = Array.from({ length: values.length }, (_, i) => i);
  if (rows.length <= limit) return rows;
  return rows
    .sort((a, b) => values[b]! - values[a]! || a - b)
    .slice(0, limit)
    .sort((a, b) => a - b);
}

/** Numbers as Plotly and JSON take them: NaN and infinities become null, digits beyond 9 significant ones go. */
export function plotNumbers(
  values: ArrayLike<number>,
  rows?: readonly number[],
): (number | null)[] {
  const pick = rows ?? Array.from({ length: values.length }, (_, i) => i);
  return pick.map((i) => {
    const value = values[i] ?? Number.NaN;
    return Number.isFinite(value) ? Number(value.toPrecision(9)) : null;
  });
}

/** A number as Plotly and JSON take it, with so many digits after the point; null where it is not finite. */
export function plotNumber(value: number, digits: number): number | null {
  if (!Number.isFinite(value)) return null;
  const scale = 10 ** digits;
  // JSON knows no −0.
  return Math.round(scale * value) / scale || 0;
}
