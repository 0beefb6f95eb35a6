import { WorkbenchError } from "../core/errors.js";
import { partitionFolder } from "../store/partition.js";
import { query } from "../store/query.js";
import type { Store } from "../store/store.js";
import { type Baits, SECRET } from "./hostile-texts.js";
import type { Misdeed } from "./payload-attempts.js";
import { SAMPLE_KEY } from "./sample-files.js";

/**
 * Runs a text as a query, as a literal in one, and in statements that would read or write with it. What changed is
 * looked for by the caller; here nothing from outside may come back.
 */
export async function attemptsOfSql(
  store: Store,
  text: string,
  { target }: Baits,
): Promise<readonly Misdeed[]> {
  const literal = `'${text.replaceAll("'", "''")}'`;
  const table = store.path(`${partitionFolder(SAMPLE_KEY)}/part-0.parquet`);
  const statements = [
    text,
    `SELECT count(*) FROM trades WHERE symbol = '${text}'`,
    `SELECT count(*) FROM trades WHERE symbol = ${literal}`,
    `SELECT * FROM read_text(${literal})`,
    `SELECT * FROM read_text('${target}')`,
    `COPY (SELECT 1) TO ${literal}`,
    `COPY (SELECT 1) TO '${target}'`,
    `COPY (SELECT 1) TO '${table}'`,
    `ATTACH ${literal} AS other`,
    `ATTACH '${target}.duckdb' AS other`,
  ];
  const found: Misdeed[] = [];
  for (const sql of statements) found.push(await judged(store, sql));
  return found;
}

async function judged(store: Store, sql: string): Promise<Misdeed> {
  try {
    const { rows } = await query(store, sql);
    const isLeak = JSON.stringify(rows).includes(SECRET);
    return isLeak
      ? { isSilent: true, what: `${sql.slice(0, 200)} read what lies outside` }
      : undefined;
  } catch (error) {
    if (error instanceof WorkbenchError) return undefined;
    return { isSilent: false, what: `a query threw ${String(error).slice(0, 200)}` };
  }
}
