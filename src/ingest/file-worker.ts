// The thread that inflates and parses one file at a time; a second thread of its own encodes.
import path from "node:path";
import { type ErrorPlace, WorkbenchError } from "../core/errors.js";
import { PARQUET_FILE } from "../store/partition.js";
import { storedColumns, type TickTable } from "../store/tick-table.js";
import { EncoderThread } from "./encoder-thread.js";
import { emptyBatch, type FileJob, runFileJob } from "./file-job.js";
import { keepFreedBlocks } from "./thread-limits.js";

/** What became of a file; errors of the workbench lose what they are on the way between threads. */
export type FileOutcome = { readonly table: TickTable } | { readonly problem: ErrorPlace };

keepFreedBlocks();

const ENCODER = path.join(__dirname, "encoder-worker.js");

/** Started at once: it is up when the first rows are there. */
let thread = new EncoderThread(ENCODER);

/** Does one job; called by the pool. */
export async function readFile(job: FileJob): Promise<FileOutcome> {
  if (thread.hasEnded) thread = new EncoderThread(ENCODER);
  const file = path.join(job.folder, PARQUET_FILE);
  const encoder = thread.open(file, storedColumns(job.key.type), () => emptyBatch(job));
  try {
    return { table: await runFileJob(job, encoder) };
  } catch (error) {
    if (error instanceof WorkbenchError) return { problem: error.place };
    throw error;
  }
}
