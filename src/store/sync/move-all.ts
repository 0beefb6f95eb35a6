import Bottleneck from "bottleneck";
import { DataError } from "../../core/errors.js";
import type { TableFolder } from "../table-folders.js";
import { UnreachableError } from "./bucket-error.js";
import { failedTable, type SyncedTable } from "./synced-table.js";

/** Tables moved at once; each takes two parts of 8 MiB. */
const JOBS = 4;

/**
 * Moves tables, some at once. One that cannot be moved fails alone; where the bucket does not answer any more, all that are
 * left fail without a try. What is under way is let to end: nothing goes on behind the caller's back.
 *
 * @throws {OptionError} the bucket cannot be used so
 */
export async function moveAll(
  tables: readonly TableFolder[],
  move: (table: TableFolder) => Promise<SyncedTable>,
  onProgress: (done: number, total: number) => void,
): Promise<readonly SyncedTable[]> {
  const pool = new Bottleneck({ maxConcurrent: JOBS });
  let done = 0;
  let unreachable: string | undefined;
  let refused: unknown;
  const moveOne = async (table: TableFolder): Promise<SyncedTable> => {
    try {
      if (refused !== undefined) return failedTable(table, "was not tried");
      if (unreachable !== undefined) return failedTable(table, unreachable);
      return await move(table);
    } catch (error) {
      const reason = reasonOf(error, table);
      if (error instanceof UnreachableError) unreachable = error.message;
      else if (reason === undefined) refused ??= error;
      return failedTable(table, reason ?? String(error));
    } finally {
      onProgress(++done, tables.length);
    }
  };
  const moved = await Promise.all(tables.map((table) => pool.schedule(() => moveOne(table))));
  if (refused !== undefined) throw refused;
  return moved;
}

/** What is said of trouble that is this table's own; undefined for every other error. */
function reasonOf(error: unknown, { folder }: TableFolder): string | undefined {
  if (error instanceof DataError || error instanceof UnreachableError) return error.message;
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === undefined || syscall === undefined) return undefined;
  const message = `could not be read or written (${code} in ${syscall})`;
  return new DataError({ file: folder, message }).message;
}
