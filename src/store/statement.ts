// Is a text one statement that only reads the store's views?
import type { DuckDBConnection } from "@duckdb/node-api";
import { OptionError } from "../core/errors.js";

/** A part of a statement as DuckDB's parser describes it. */
export type Node = { readonly [name: string]: unknown };

/** A statement that was found to read only. */
export interface Statement {
  /** What it consists of. */
  readonly tree: Node;
  /** It asks which views there are. */
  readonly describesViews: boolean;
}

/** Functions that give tables and touch neither files nor settings. */
const TABLE_FUNCTIONS: ReadonlySet<string> = new Set([
  "range",
  "generate_series",
  "unnest",
  "repeat",
  "repeat_row",
  "json_each",
  "json_tree",
  "histogram",
  "histogram_values",
  "summary",
  "duckdb_columns",
  "duckdb_functions",
  "duckdb_views",
]);

/** Functions of values that do more than give one. */
const FORBIDDEN_FUNCTIONS: ReadonlySet<string> = new Set(["write_log", "getenv"]);

/** A text of a JSON document, or a word outside of texts that stands for a number. */
const JSON_TEXT_OR_WORD = /"[^"\\]*(?:\\.[^"\\]*)*"|Infinity|NaN/g;

const EXPLAIN = /^\s*explain(\s+analyze)?\b/i;

/**
 * Parses a query and refuses everything but one SELECT (also as FROM, WITH, VALUES, DESCRIBE, SHOW, SUMMARIZE or behind
 * EXPLAIN) over views: statements that write, change settings or load, and functions that open files.
 *
 * @throws {OptionError} it cannot be parsed, or is not such a statement
 */
export async function parseStatement(
  connection: DuckDBConnection,
  sql: string,
): Promise<Statement> {
  if (sql.includes("\0")) throw refusal("held a NUL character");
  const text = sql.replace(EXPLAIN, "");
  const parsed = await serialized(connection, text);
  if (parsed["error"] === true) {
    const isOther = String(parsed["error_message"]).startsWith("Only SELECT");
    if (!isOther) throw refusal(`could not be parsed: ${String(parsed["error_message"])}`);
    throw refusal(
      "was no query: the store is read with SELECT, and written by other commands only",
    );
  }
  const statements = parsed["statements"] as readonly Node[];
  if (statements.length !== 1) {
    throw refusal(`held ${statements.length} statements, expected one`);
  }
  let describesViews = false;
  for (const node of nodesOf(statements[0]!)) {
    if (node["type"] === "BASE_TABLE") requireTable(node);
    const called = requireFunction(node);
    describesViews ||= node["type"] === "SHOW_REF" || called.startsWith("duckdb_");
  }
  return { tree: statements[0]!, describesViews };
}

/** All parts of a statement, itself first. */
export function* nodesOf(value: unknown): Generator<Node> {
  if (typeof value !== "object" || value === null) return;
  if (!Array.isArray(value)) yield value as Node;
  for (const part of Object.values(value)) yield* nodesOf(part);
}

/** A query that cannot be run, with what helps. */
export function refusal(message: string, fix?: string): OptionError {
  return new OptionError({
    column: "query",
    message,
    fix: fix ?? 'write one query, for example "SELECT count(*) FROM trades"',
  });
}

async function serialized(connection: DuckDBConnection, sql: string): Promise<Node> {
  try {
    const result = await connection.runAndReadAll("SELECT json_serialize_sql($1::VARCHAR)", [sql]);
    // Places in the text are 2^64 - 1 where unknown, which no double holds, and nobody asks for them.
    return JSON.parse(withoutBareWords(String(result.getRows()[0]![0])), (name, value) =>
      name === "query_location" ? 0 : value,
    ) as Node;
  } catch (error) {
    throw refusal(`could not be parsed: ${(error as Error).message.split("\n")[0]}`);
  }
}

/** DuckDB writes endless numbers as bare words, which is no JSON; `1e999` is, and is read as the same number. */
function withoutBareWords(json: string): string {
  return json.replace(JSON_TEXT_OR_WORD, (found) => (found.startsWith('"') ? found : "1e999"));
}

/**
 * A name with other characters could be a file's, which DuckDB would open in place of a table, and so could one with a
 * schema: `"part-0".parquet` is part-0.parquet to it.
 */
function requireTable(node: Node): void {
  const steps = [node["catalog_name"], node["schema_name"], node["table_name"]].map(String);
  const name = steps.filter((step) => step !== "").join(".");
  if (/^\w+$/.test(name)) return;
  throw refusal(`read from ${JSON.stringify(name)}, which is no view`);
}

/** Name of the function whose table is read here, if one's is. */
function requireFunction(node: Node): string {
  const called = node["type"] === "TABLE_FUNCTION" ? (node["function"] as Node) : undefined;
  const name = String(called?.["function_name"] ?? "").toLowerCase();
  if (called !== undefined && !TABLE_FUNCTIONS.has(name)) {
    throw refusal(`called ${name}, which is no function for queries of the store`);
  }
  const own = String(node["function_name"] ?? "").toLowerCase();
  if (FORBIDDEN_FUNCTIONS.has(own)) {
    throw refusal(`called ${own}, which is no function for queries of the store`);
  }
  return name;
}
