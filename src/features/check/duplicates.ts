import { type Complaint, countText } from "./finding.js";
import { type RankCodes, rankCodes } from "./rank-codes.js";
import { rankCorrelation } from "./rank-correlation.js";

/** A column to compare with others. */
export interface NamedColumn {
  readonly name: string;
  /** n values; NaN where missing. */
  readonly values: Float64Array;
}

/** Two columns that say the same. */
export interface Duplicate {
  readonly names: readonly [string, string];
  /** Spearman's correlation over the rows where both are there, beyond 0.999 in size. */
  readonly correlation: number;
  /** Rows where both are there. */
  readonly rows: number;
  /** True when all their values there have the same bits. */
  readonly isSame: boolean;
}

/** Noise of a twenty-second of a column's deviation lowers a correlation of 1 to this. */
const SAME_ORDER = 0.999;

/** Fewer common rows may agree by chance. */
const FEWEST = 100;

/** A pair is looked at whole only when the same number of evenly spaced rows, beyond this, nearly agree. */
const SAMPLE_ROWS = 500;
const NEARLY = 0.99;

/**
 * Pairs of columns that order the rows alike, forwards or backwards. Columns of two values or fewer are left out: that one
 * indicator is another's opposite is how they are made, and a constant is none of this check's findings.
 *
 * @param columns - of one symbol, of one length
 */
export function duplicates(columns: readonly NamedColumn[]): readonly Duplicate[] {
  const varied = columns.filter(({ values }) => hasThreeValues(values));
  return varied.flatMap((one, i) =>
    varied.slice(i + 1).flatMap((other) => {
      const found = compared(one, other);
      return found === undefined ? [] : [found];
    }),
  );
}

/** The second of two alike is to be looked at: it tells a model nothing, or one of them is not what it is called. */
export function duplicateComplaint({ names, correlation, rows, isSame }: Duplicate): Complaint {
  const [first] = names;
  const over = `over ${countText(rows)} rows`;
  const message = isSame
    ? `has the very values of ${first} ${over}`
    : `orders the rows as ${first} does: rank correlation ${correlation.toFixed(4)} ${over}`;
  return { check: "duplicate", severity: "review", message };
}

function compared(one: NamedColumn, other: NamedColumn): Duplicate | undefined {
  const rows = commonRows(one.values, other.values);
  if (rows.length < FEWEST) return undefined;
  const step = Math.ceil(rows.length / SAMPLE_ROWS);
  const sample = rows.filter((_, i) => i % step === 0);
  if (!(Math.abs(correlation(one, other, sample)) > NEARLY)) return undefined;
  const whole = correlation(one, other, rows);
  if (!(Math.abs(whole) > SAME_ORDER)) return undefined;
  const isSame = rows.every((row) => Object.is(one.values[row], other.values[row]));
  return { names: [one.name, other.name], correlation: whole, rows: rows.length, isSame };
}

function correlation(one: NamedColumn, other: NamedColumn, rows: Uint32Array): number {
  const codes = ({ values }: NamedColumn): RankCodes =>
    rankCodes(Float64Array.from(rows, (row) => values[row]!));
  return rankCorrelation(codes(one), codes(other)).value;
}

function commonRows(one: Float64Array, other: Float64Array): Uint32Array {
  const rows = new Uint32Array(one.length);
  let count = 0;
  for (let row = 0; row < one.length; row++) {
    if (!(Number.isNaN(one[row]!) || Number.isNaN(other[row]!))) rows[count++] = row;
  }
  return rows.subarray(0, count);
}

function hasThreeValues(values: Float64Array): boolean {
  const seen = new Set<number>();
  for (const value of values) {
    if (!Number.isNaN(value)) seen.add(value);
    if (seen.size > 2) return true;
  }
  return false;
}
