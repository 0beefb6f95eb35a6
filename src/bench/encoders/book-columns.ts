import { createWriteStream } from "node:fs";
import { open } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { dayStartUs } from "../../core/time.js";
import { bookChanges, type Message } from "../ingest/book-changes.js";
import { BOOK_DAY } from "../ingest/book-file.js";

/** Book changes in memory, as a parser leaves them; only the first `rows` values count. */
export interface BookColumns {
  rows: number;
  readonly timestampUs: Float64Array;
  readonly localTimestampUs: Float64Array;
  readonly isSnapshot: Uint8Array;
  /** 1 bid, −1 ask. */
  readonly side: Int8Array;
  readonly price: Float64Array;
  readonly amount: Float64Array;
}

/** Rows that are handed over at once. */
const BLOCK_ROWS = 1 << 16;
const BLOCK_BYTES = 34 * BLOCK_ROWS;

/**
 * Writes the made day as raw columns, block after block, for encoders to begin with.
 *
 * @param rows - the same rows as the csv of that seed
 */
export async function writeColumns(
  file: string,
  { rows, seed }: { readonly rows: number; readonly seed: number },
): Promise<void> {
  await pipeline(blocks(rows, seed), createWriteStream(file));
}

/** Reads raw columns block by block; what is handed out is reused for the next one. */
export async function* readColumns(file: string, rows: number): AsyncGenerator<BookColumns, void> {
  const input = await open(file);
  try {
    const memory = Buffer.from(new ArrayBuffer(BLOCK_BYTES));
    const columns = columnsOn(memory.buffer);
    for (let done = 0; done < rows; done += columns.rows) {
      const { bytesRead } = await input.read(memory, 0, BLOCK_BYTES);
      if (bytesRead !== BLOCK_BYTES) throw new Error(`${file} ended after ${done} of ${rows} rows`);
      columns.rows = Math.min(BLOCK_ROWS, rows - done);
      yield columns;
    }
  } finally {
    await input.close();
  }
}

function columnsOn(memory: ArrayBufferLike): BookColumns {
  const doubles = (index: number): Float64Array =>
    new Float64Array(memory, 8 * index * BLOCK_ROWS, BLOCK_ROWS);
  return {
    rows: 0,
    timestampUs: doubles(0),
    localTimestampUs: doubles(1),
    price: doubles(2),
    amount: doubles(3),
    isSnapshot: new Uint8Array(memory, 32 * BLOCK_ROWS, BLOCK_ROWS),
    side: new Int8Array(memory, 33 * BLOCK_ROWS, BLOCK_ROWS),
  };
}

/** Every block has its full length; the last one's end is unused. */
function* blocks(rows: number, seed: number): Generator<Buffer, void> {
  let memory = new ArrayBuffer(BLOCK_BYTES);
  let columns = columnsOn(memory);
  const startUs = dayStartUs(BOOK_DAY.date);
  for (const message of bookChanges({ rows, startUs, seed })) {
    for (let i = 0; i < message.rows; i++) {
      setRow(columns, message, i);
      if (columns.rows < BLOCK_ROWS) continue;
      yield Buffer.from(memory);
      memory = new ArrayBuffer(BLOCK_BYTES);
      columns = columnsOn(memory);
    }
  }
  if (columns.rows > 0) yield Buffer.from(memory);
}

function setRow(columns: BookColumns, message: Message, i: number): void {
  const row = columns.rows++;
  columns.timestampUs[row] = message.timestampUs;
  columns.localTimestampUs[row] = message.localTimestampUs;
  columns.isSnapshot[row] = message.isSnapshot ? 1 : 0;
  columns.side[row] = i < message.bids ? 1 : -1;
  columns.price[row] = message.priceTicks[i]! / 10;
  columns.amount[row] = message.amountMilli[i]! / 1000;
}
