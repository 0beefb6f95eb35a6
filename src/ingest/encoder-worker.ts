// The thread that encodes: each message is done in turn and answered once.
import { parentPort } from "node:worker_threads";
import { createParquetFile, type ParquetFile } from "../store/parquet/parquet-file.js";
import type { StoredColumn } from "../store/parquet/stored-column.js";
import { type Batch, batchBuffers } from "./batch.js";

/** What the thread is asked to do. */
export type EncoderRequest =
  | { readonly open: { readonly file: string; readonly columns: readonly StoredColumn[] } }
  | { readonly append: { readonly columns: Batch["columns"]; readonly rows: number } }
  | { readonly finish: true }
  | { readonly close: true };

/** What it answers: columns that are free again, or why it failed. */
export interface EncoderReply {
  readonly columns?: Batch["columns"];
  readonly error?: Error;
}

let table: ParquetFile | undefined;

async function answer(request: EncoderRequest): Promise<EncoderReply> {
  if ("open" in request) {
    table?.close();
    table = await createParquetFile(request.open.file, request.open.columns);
    return {};
  }
  if ("append" in request) {
    const { columns, rows } = request.append;
    table?.append(columns, rows);
    return { columns };
  }
  if ("finish" in request) table?.finish();
  else table?.close();
  return {};
}

/** Messages are done one after the other, although opening waits. */
let last: Promise<void> = Promise.resolve();

parentPort?.on("message", (request: EncoderRequest) => {
  last = last.then(async () => {
    const reply = await answer(request).catch((error: unknown): EncoderReply => {
      table?.close();
      table = undefined;
      return { error: error as Error };
    });
    const buffers = reply.columns === undefined ? [] : batchBuffers({ columns: reply.columns });
    parentPort?.postMessage(reply, buffers as ArrayBuffer[]);
  });
});
