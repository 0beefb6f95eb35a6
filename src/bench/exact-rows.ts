import { rm } from "node:fs/promises";
import path from "node:path";
import type { BenchResult } from "./benchmark.js";
import { inflateWithGunzip } from "./inflated-file.js";
import { csvDigest, rowDifference } from "./same-rows.js";

/** A Parquet file that a contestant made of a csv. */
export interface MadeParquet {
  readonly name: string;
  readonly parquet: string;
  /** What is known to be wrong with it already. */
  readonly flaw?: string;
}

/**
 * Whether Parquet files hold exactly the rows of a csv.gz, as gunzip and DuckDB read them. A fast wrong result is none.
 *
 * @param source.folder - for the inflated file while it is needed
 * @param made - the files to check
 */
export async function exactRows(
  source: { readonly file: string; readonly rows: number; readonly folder: string },
  made: readonly MadeParquet[],
): Promise<readonly BenchResult[]> {
  const csv = path.join(source.folder, "inflated.csv");
  await inflateWithGunzip(source.file, csv);
  try {
    const expected = await csvDigest(csv);
    const results: BenchResult[] = [];
    for (const { name, parquet, flaw } of made) {
      const wrong = flaw ?? (await rowDifference(parquet, csv, expected));
      const isRight = wrong === undefined && expected.rows === source.rows;
      results.push({
        what: `rows the same as the csv's: ${name}`,
        unit: "rows",
        ours: isRight ? expected.rows : null,
        rival: source.rows,
        ratio: isRight ? 1 : null,
        bar: 1,
        ok: isRight,
        ...(wrong === undefined ? {} : { note: wrong }),
      });
    }
    return results;
  } finally {
    await rm(csv, { force: true });
  }
}
