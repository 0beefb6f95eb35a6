// How large is a finding?
import type { LocatedFinding } from "../audit/audit.js";

/** A finding's size with its unit: "81.2 s", "99.92 %", "12 rows". */
export function sizeText({ value, unit }: Pick<LocatedFinding, "value" | "unit">): string {
  if (unit === "share") return `${(100 * value).toFixed(2)} %`;
  const isExact = unit === "s" || unit === "s a day";
  const digits = isExact && Math.abs(value) < 10 ? 3 : 1;
  const number = value.toLocaleString("en-US", { maximumFractionDigits: digits });
  const isOne = Math.abs(value) === 1;
  return `${number} ${isOne ? unit.replace(/^(row|message|minute|id|time)s$/, "$1") : unit}`;
}
