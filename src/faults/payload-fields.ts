import { isDeepStrictEqual } from "node:util";
import { gzipSync } from "node:zlib";
import { query } from "../store/query.js";
import { readColumns } from "../store/read.js";
import type { Misdeed } from "./payload-attempts.js";
import { SAMPLE_KEY, sampleLines, textOf } from "./sample-files.js";
import { sampleStore } from "./sample-store.js";

/** Longer lines than any file has end the file, which other faults are about. */
const LONGEST = 5000;

/** Places of the fields in a line of trades. */
const FIELDS = { exchange: 0, symbol: 1, id: 4 } as const;

/**
 * Puts a text into the exchange, symbol and id of a row each. Exactly the rows whose fields are right have to be stored,
 * with the text as it is, all others counted, and a query for the text has to find it.
 *
 * @param folder - for a store of its own, which is removed
 */
export async function attemptInFile(folder: string, text: string): Promise<readonly Misdeed[]> {
  const field = text.slice(0, LONGEST);
  const lines = [...sampleLines({ ...SAMPLE_KEY, type: "trades" }, { rows: 12, seed: 1 })];
  const rightIds: string[] = [];
  let bad = 0;
  lines.slice(1).forEach((line, i) => {
    const name = (["exchange", "symbol", "id"] as const)[i - 3];
    const fields = line.split(",");
    if (name !== undefined) {
      fields[FIELDS[name]] = field;
      lines[i + 1] = fields.join(",");
    }
    if (name === undefined || isRight(name, field)) rightIds.push(fields[FIELDS.id]!);
    else bad += lines[i + 1]!.split("\n").length;
  });
  const sample = await sampleStore(folder, { maxRejectedShare: 1 });
  try {
    const file = await sample.ingest(gzipSync(textOf(lines)));
    const { id } = await readColumns(sample.store, SAMPLE_KEY, ["id"]);
    const sql = `SELECT count(*) FROM trades WHERE id = '${field.replaceAll("'", "''")}'`;
    const asked = field.includes("\0") ? 0 : (await query(sample.store, sql)).rows[0]![0];
    const seen = [file.rejected, id, asked];
    const truth = [bad, rightIds, rightIds.filter((own) => own === field).length];
    if (isDeepStrictEqual(seen, truth)) return [];
    const what = `stored ${JSON.stringify(seen).slice(0, 300)}, right were ${JSON.stringify(truth).slice(0, 300)}`;
    return [{ isSilent: true, what }];
  } finally {
    await sample.close();
    await sample.remove();
  }
}

/** The rules by which a field is the partition's, or plain text, said once more. */
function isRight(name: keyof typeof FIELDS, field: string): boolean {
  if (name === "exchange") return field === SAMPLE_KEY.exchange;
  if (name === "symbol") {
    return field.replace(/[/:]/g, "-").toUpperCase() === SAMPLE_KEY.symbol;
  }
  return /^[ -~]{0,256}$/.test(field) && !/[",]/.test(field);
}
