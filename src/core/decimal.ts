/** A number as people write one: no `0x1`, no `1_000`, no `Infinity`. */
export const DECIMAL: RegExp = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** The number that a text writes in decimal, blanks around it aside; NaN where it writes none. */
export function decimalOf(text: string): number {
  const digits = text.trim();
  return DECIMAL.test(digits) ? Number(digits) : Number.NaN;
}
