import { stat } from "node:fs/promises";
import path from "node:path";
import { OptionError } from "../../core/errors.js";
import { inflateFile } from "../../ingest/inflate.js";
import { vendorPath } from "../../ingest/vendor-path.js";
import type { BookFile } from "./book-file.js";

const PLACE =
  /^(?<mirror>.*)\/(?<exchange>[^/]+)\/incremental_book_L2\/(?<day>\d{4}\/\d\d\/\d\d)\/(?<symbol>[^/]+)\.csv\.gz$/;

/**
 * A vendor file of book changes that somebody has, in the vendor's layout.
 *
 * @throws {OptionError} it is not there, or its path is not the vendor's
 * @throws {DataError} it is damaged
 */
export async function givenFile(input: string): Promise<BookFile> {
  const file = path.resolve(input);
  const found = PLACE.exec(file)?.groups;
  const isThere = await stat(file).then(
    (status) => status.isFile(),
    () => false,
  );
  if (found === undefined || !isThere) {
    throw new OptionError({
      column: "--input",
      message: `was "${input}", which is ${isThere ? "not laid out as the vendor does" : "no file"}`,
      fix: "give …/{exchange}/incremental_book_L2/{yyyy}/{mm}/{dd}/{SYMBOL}.csv.gz",
    });
  }
  const { mirror, exchange, day, symbol } = found as Record<string, string>;
  const date = day!.replaceAll("/", "-");
  const type = "incremental_book_L2";
  const key = { type, exchange: exchange!, symbol: symbol!, date } as const;
  let csvBytes = 0;
  let lines = 0;
  const { bytes } = await inflateFile(file, vendorPath(key), (piece) => {
    csvBytes += piece.length;
    for (let at = piece.indexOf(10); at >= 0; at = piece.indexOf(10, at + 1)) lines++;
  });
  return { mirror: mirror!, file, key, rows: lines - 1, bytes, csvBytes };
}
