import { appendFileSync } from "node:fs";
import path from "node:path";

/** Text kept in memory before it is written. */
const BUFFER_CHARACTERS = 1 << 16;

/** Rows left out of a partition: counted by reason and written to `rejected.csv` beside the table. */
export interface RejectedRows {
  /** Rows left out so far. */
  readonly count: () => number;
  /** The first of them, as `line 12, price: not positive`. */
  readonly first: () => { readonly line: number; readonly reason: string } | undefined;
  readonly add: (line: number, reason: string, text: string) => void;
  /** Writes what is left; returns the counts by reason. */
  readonly finish: () => Readonly<Record<string, number>>;
}

/**
 * Collects rejected rows; the file appears with the first one.
 *
 * @param folder - where `rejected.csv` (line, reason, text of the row) is written
 */
export function rejectedRows(folder: string): RejectedRows {
  const file = path.join(folder, "rejected.csv");
  const counts: Record<string, number> = {};
  let total = 0;
  let first: { line: number; reason: string } | undefined;
  let waiting = "";
  const write = (): void => {
    if (waiting !== "") appendFileSync(file, waiting);
    waiting = "";
  };
  return {
    count: () => total,
    first: () => first,
    add: (line, reason, text) => {
      if (total === 0) waiting = "line,reason,text\n";
      total++;
      first ??= { line, reason };
      counts[reason] = (counts[reason] ?? 0) + 1;
      waiting += `${line},${quoted(reason)},${quoted(text)}\n`;
      if (waiting.length > BUFFER_CHARACTERS) write();
    },
    finish: () => {
      write();
      return counts;
    },
  };
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}
