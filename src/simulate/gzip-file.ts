import { once } from "node:events";
import { createWriteStream, mkdirSync, renameSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { finished } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { ByteWriter } from "./byte-writer.js";

/** Text is handed to the compressor in pieces of at least this many bytes. */
const PIECE_BYTES = 1 << 18;

/** A gzip file of text that appears under its name when it is complete, with the same bytes for the same text. */
export interface GzipFile {
  /** Where to write text. */
  readonly writer: ByteWriter;
  /** Compresses what has gathered, when it is worth it; waits while the disk is behind. */
  readonly flush: () => Promise<void>;
  /** Completes the file. @returns its size in bytes */
  readonly close: () => Promise<number>;
  /** Removes what there is of it. */
  readonly discard: () => void;
}

/**
 * Opens a file for writing under a temporary name; the folders are made.
 *
 * @param file - its final name
 */
export function gzipFile(file: string): GzipFile {
  const partial = `${file}.partial`;
  mkdirSync(path.dirname(file), { recursive: true });
  const writer = new ByteWriter(2 * PIECE_BYTES);
  // Node writes no time into the header, so equal text gives equal bytes.
  const gzip = createGzip({ level: 1, chunkSize: PIECE_BYTES });
  const done = finished(gzip.pipe(createWriteStream(partial)));
  done.catch(() => gzip.destroy());

  const write = async (): Promise<void> => {
    if (gzip.write(writer.take())) return;
    await Promise.race([once(gzip, "drain"), done]);
  };
  return {
    writer,
    flush: async () => {
      if (writer.length >= PIECE_BYTES) await write();
    },
    close: async () => {
      if (writer.length > 0) await write();
      gzip.end();
      await done;
      const { size } = statSync(partial);
      renameSync(partial, file);
      return size;
    },
    discard: () => {
      gzip.destroy();
      rmSync(partial, { force: true });
    },
  };
}
