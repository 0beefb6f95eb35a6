// Real databases for tests: the embedded one in a temporary folder, and a server that is started once a file.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { JournalRecord } from "../records.js";
import type { JournalPlace } from "./connector.js";
import { openReader } from "./open-reader.js";
import { readRecords } from "./read-run.js";
import type { RecordKind } from "./tables.js";
import { TABLES } from "./tables.js";

/** For what is not about time: other tests share the processors. */
export const PATIENT = { writeMs: 30_000, answerMs: 30_000 } as const;

/** A new root of a store, and how to delete it. */
export function temporaryData(): { readonly data: string; readonly remove: () => void } {
  const data = mkdtempSync(path.join(tmpdir(), "tickbook-journal-"));
  return { data, remove: () => rmSync(data, { recursive: true, force: true }) };
}

/** All records of a run that the database holds, by kind, in the order in which they were written. */
export async function storedRecords(
  place: JournalPlace,
  run: string,
): Promise<readonly JournalRecord[]> {
  const reader = await openReader(place);
  try {
    const found: JournalRecord[] = [];
    for (const kind of Object.keys(TABLES) as RecordKind[]) {
      for await (const record of readRecords(reader, run, kind)) found.push(record);
    }
    return found;
  } finally {
    await reader.close();
  }
}

/** Records in the order of `storedRecords`. */
export function byKind(records: readonly JournalRecord[]): readonly JournalRecord[] {
  return Object.keys(TABLES).flatMap((kind) => records.filter((record) => record.kind === kind));
}
