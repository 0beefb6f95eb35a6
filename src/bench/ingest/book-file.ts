import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { dayStartUs } from "../../core/time.js";
import { vendorPath } from "../../ingest/vendor-path.js";
import { ByteWriter } from "../../simulate/byte-writer.js";
import { cachedFolder } from "../../store/cached-folder.js";
import type { PartitionKey } from "../../store/tables.js";
import { BOOK_CHANGES_VERSION, bookChanges, type Message } from "./book-changes.js";

/** The day that is made. */
export const BOOK_DAY: PartitionKey = {
  type: "incremental_book_L2",
  exchange: "binance-futures",
  symbol: "BTCUSDT",
  date: "2024-08-08",
};

/** A vendor file to measure on, in a mirror that holds it alone or among others. */
export interface BookFile {
  readonly mirror: string;
  readonly file: string;
  readonly key: PartitionKey;
  readonly rows: number;
  /** Bytes of the file, and of what it inflates to. */
  readonly bytes: number;
  readonly csvBytes: number;
}

/** What is written beside a made file. */
interface Made {
  readonly rows: number;
  readonly csvBytes: number;
  readonly bytes: number;
  readonly sha256: string;
}

/** The vendor's level: its files inflate 15 times. */
const GZIP_LEVEL = 6;
const PIECE_BYTES = 1 << 20;
const LONGEST_ROW = 128;

/**
 * The made day with so many rows, from the cache where its hash is right, made there otherwise.
 *
 * @param options.cache - folder of all that is kept between runs
 */
export async function bookFile({
  cache,
  rows,
  seed,
}: {
  readonly cache: string;
  readonly rows: number;
  readonly seed: number;
}): Promise<BookFile> {
  const name = `book-day-v${BOOK_CHANGES_VERSION}-seed-${seed}-rows-${rows}`;
  const place = vendorPath(BOOK_DAY);
  for (;;) {
    const mirror = await cachedFolder(cache, name, async (folder) => {
      const made = await writeDay(path.join(folder, place), rows, seed);
      await writeFile(path.join(folder, "made.json"), `${JSON.stringify(made)}\n`);
    });
    const file = path.join(mirror, place);
    const made = await readFile(path.join(mirror, "made.json"), "utf8")
      .then((text) => JSON.parse(text) as Made)
      .catch(() => undefined);
    if (made !== undefined && (await sha256Of(file)) === made.sha256) {
      const { bytes, csvBytes } = made;
      return { mirror, file, key: BOOK_DAY, rows: made.rows, bytes, csvBytes };
    }
    await rm(mirror, { recursive: true, force: true });
  }
}

async function writeDay(file: string, rows: number, seed: number): Promise<Made> {
  await mkdir(path.dirname(file), { recursive: true });
  let csvBytes = 0;
  const hash = createHash("sha256");
  await pipeline(
    async function* () {
      for (const piece of csvPieces(rows, seed)) {
        csvBytes += piece.length;
        yield piece;
      }
    },
    createGzip({ level: GZIP_LEVEL, chunkSize: PIECE_BYTES }),
    async function* (pieces: AsyncIterable<Buffer>) {
      for await (const piece of pieces) {
        hash.update(piece);
        yield piece;
      }
    },
    createWriteStream(file),
  );
  const { size } = await stat(file);
  return { rows, csvBytes, bytes: size, sha256: hash.digest("hex") };
}

/** The file's text, about a piece at a time. */
function* csvPieces(rows: number, seed: number): Generator<Buffer, void> {
  const writer = new ByteWriter(PIECE_BYTES + 4096 * LONGEST_ROW);
  writer.text("exchange,symbol,timestamp,local_timestamp,is_snapshot,side,price,amount\n");
  const startUs = dayStartUs(BOOK_DAY.date);
  for (const message of bookChanges({ rows, startUs, seed })) {
    writeMessage(writer, message);
    if (writer.length >= PIECE_BYTES) yield writer.take();
  }
  yield writer.take();
}

function writeMessage(writer: ByteWriter, message: Message): void {
  const { exchange, symbol } = BOOK_DAY;
  const { timestampUs, localTimestampUs, isSnapshot, rows, bids } = message;
  const start = `${exchange},${symbol},${timestampUs},${localTimestampUs},${isSnapshot},`;
  for (let i = 0; i < rows; i++) {
    writer.text(start);
    writer.text(i < bids ? "bid," : "ask,");
    writer.decimal(message.priceTicks[i]!, 1);
    writer.text(",");
    writer.decimal(message.amountMilli[i]!, 3);
    writer.text("\n");
  }
}

/** SHA-256 of a file; undefined when there is none. Reading it brings it into memory, for all who are measured. */
async function sha256Of(file: string): Promise<string | undefined> {
  const hash = createHash("sha256");
  try {
    for await (const piece of createReadStream(file)) hash.update(piece as Buffer);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  return hash.digest("hex");
}
