import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { DataError, OptionError } from "../../core/errors.js";
import type { Fingerprint } from "../../store/manifest.js";
import { inflateFile } from "../inflate.js";

/** No line of candles is near this long; a file without line ends is stopped here. */
const MAX_LINE = 1 << 16;

/** A line without its end; `isWhole` is false for a last one that has none. */
export type TakeLine = (text: string, isWhole: boolean) => void;

/**
 * The lines of a text file, plain or gzip (known by its first bytes), one by one; bytes beyond ASCII come as the Latin-1
 * characters of their codes.
 *
 * @param place - what to call the file in errors
 * @returns bytes and SHA-256 of the file itself
 * @throws {OptionError} there is no such file
 * @throws {DataError} the gzip is damaged, or a line has no end
 */
export async function readLines(
  file: string,
  place: string,
  takeLine: TakeLine,
): Promise<Fingerprint> {
  let waiting = "";
  const take = (piece: Buffer): void => {
    const text = waiting + piece.toString("latin1");
    let start = 0;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", start)) {
      takeLine(text.slice(start, end), true);
      start = end + 1;
    }
    waiting = text.slice(start);
    if (waiting.length > MAX_LINE) {
      throw new DataError({
        file: place,
        message: `had a line of more than ${MAX_LINE} characters`,
        fix: "give a CSV file of candles, plain or as csv.gz",
      });
    }
  };
  const source = (await isGzip(file))
    ? await inflateFile(file, place, take)
    : await readPlain(file, take);
  if (waiting !== "") takeLine(waiting, false);
  return source;
}

async function isGzip(file: string): Promise<boolean> {
  try {
    const handle = await open(file);
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
      return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
    } finally {
      await handle.close();
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new OptionError({
      column: "--source",
      message: `was "${file}", which could not be read (${code})`,
      fix: "give a CSV file of candles, plain or as csv.gz",
    });
  }
}

async function readPlain(file: string, take: (piece: Buffer) => void): Promise<Fingerprint> {
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const piece of createReadStream(file, { highWaterMark: 1 << 20 })) {
    hash.update(piece as Buffer);
    bytes += (piece as Buffer).length;
    take(piece as Buffer);
  }
  return { bytes, sha256: hash.digest("hex") };
}
