import { DataError } from "../core/errors.js";
import { emit } from "./display.js";
import { renderTable, type Table, tableText } from "./table.js";

/** How a value is held against its limit. */
export type Relation = "=" | "<" | "<=" | ">" | ">=";

/** A check of a validation cell: the value, how it is held against the limit, and the limit. */
export type Check = readonly [value: number | null, relation: Relation, limit: number];

/** A check with its outcome, as the report's record keeps it. */
export interface CheckRecord {
  readonly name: string;
  readonly value: number | null;
  readonly rule: string;
  /** `undecided` when there was nothing to hold against the limit. */
  readonly verdict: "pass" | "fail" | "undecided";
}

/** Checks of a notebook as the mime type they travel under. */
export const CHECKS_MIME = "application/vnd.tickbook.checks+json";

const SIGNS: Readonly<Record<Relation, string>> = {
  "=": "=",
  "<": "<",
  "<=": "≤",
  ">": ">",
  ">=": "≥",
};

const HOLDS: Readonly<Record<Relation, (value: number, limit: number) => boolean>> = {
  "=": (value, limit) => value === limit,
  "<": (value, limit) => value < limit,
  "<=": (value, limit) => value <= limit,
  ">": (value, limit) => value > limit,
  ">=": (value, limit) => value >= limit,
};

/**
 * The checks of a notebook's validation cell: shows each with its value, records them, and fails the cell when one does
 * not hold.
 *
 * @param checks - by name; a value of null is undecided, because there was nothing to check, and does not fail
 * @throws {DataError} a check did not hold; names the first
 * @example validate({ "rows stored as rows in the files": [stored, "=", inFiles] })
 */
export function validate(checks: Readonly<Record<string, Check>>): void {
  const records = checkRecords(checks);
  const table = checkTable(records);
  emit({
    [CHECKS_MIME]: records,
    "text/html": renderTable(table).text,
    "text/plain": tableText(table),
  });
  const failed = records.filter(({ verdict }) => verdict === "fail");
  const [first] = failed;
  if (first === undefined) return;
  throw new DataError({
    column: first.name,
    message: `was ${first.value}, expected ${first.rule} (${failed.length} of ${records.length} checks failed)`,
    fix: "look at the steps above for the cause",
  });
}

/** The checks with their outcomes; a value that is not finite fails. */
export function checkRecords(checks: Readonly<Record<string, Check>>): readonly CheckRecord[] {
  return Object.entries(checks).map(([name, [value, relation, limit]]) => {
    const rule = `${SIGNS[relation]} ${limit.toLocaleString("en-US", { maximumFractionDigits: 6 })}`;
    if (value === null) return { name, value, rule, verdict: "undecided" };
    const holds = Number.isFinite(value) && HOLDS[relation](value, limit);
    return { name, value, rule, verdict: holds ? "pass" : "fail" };
  });
}

/** The checks as a table. */
export function checkTable(records: readonly CheckRecord[]): Table {
  return {
    caption: "Checks",
    columns: [
      { name: "check" },
      { name: "value" },
      { name: "expected" },
      { name: "verdict", kind: "verdict" },
    ],
    rows: records.map(({ name, value, rule, verdict }) => [name, value, rule, verdict]),
  };
}
