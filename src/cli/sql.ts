import { OptionError } from "../core/errors.js";
import { openExistingStore } from "../store/existing-store.js";
import { queryBatches } from "../store/query.js";
import { type AddCommand, action, type CommandContext } from "./command.js";
import { queryJson } from "./query-json.js";

/** Rows printed for people; `--json` gives all. */
const SHOWN_ROWS = 100;

/** What values are and become; the help ends with it. */
const VALUES = `
An empty side of a quote is NaN, not NULL, and so is every number that the vendor left out. NaN is above all
numbers and a sum or mean with one is NaN: ask for avg(bid_price) with WHERE NOT isnan(bid_price). Snapshots of
both depths are in book_snapshots; its column levels, 5 or 25 a side, tells them apart.

Without --json the first ${SHOWN_ROWS} rows are printed. With it all are, while they arrive, as
{"columns": […], "types": […], "rows": [[…], …]}. Numbers that a double does not hold are texts:
whole ones beyond 2^53, decimals of more than 15 digits, "NaN", "Infinity" and "-Infinity"; NULL is null.
Dates and times are texts, those with a zone in UTC; blobs are texts with \\xFF for bytes beyond ASCII; lists
are arrays and structs objects, maps arrays of {key, value}, unions {tag, value}, intervals {months, days, micros}.`;

/** `tickbook sql`: a query over the store's views. */
export const sqlCommand: AddCommand = (program) => {
  program
    .command("sql")
    .description('run SQL over the store\'s views, for example "SELECT count(*) FROM trades"')
    .argument("<query>", "one SQL statement")
    .addHelpText("after", VALUES)
    .action(
      action(async ([text = ""], _, { dataDir, isJson, say }) => {
        requireQuery(text);
        if (isJson) return { jsonText: allRows(dataDir, text), exitCode: 0 };
        await sayRows(dataDir, text, say);
        return { json: undefined, exitCode: 0 };
      }),
    );
};

async function* allRows(dataDir: string, sql: string): AsyncGenerator<string> {
  const store = await openExistingStore(dataDir);
  try {
    yield* queryJson(queryBatches(store, sql, { isJson: true }));
  } finally {
    await store.close();
  }
}

async function sayRows(dataDir: string, sql: string, say: CommandContext["say"]): Promise<void> {
  const store = await openExistingStore(dataDir);
  try {
    let isHeadSaid = false;
    let left = SHOWN_ROWS;
    for await (const { columns, rows } of queryBatches(store, sql, { isJson: true })) {
      if (!isHeadSaid) say(columns.join("\t"));
      isHeadSaid = true;
      for (const row of rows.slice(0, left)) say(row.map(cell).join("\t"));
      // How many there are is not known without computing them all.
      if (rows.length > left) return say("… more rows; --json prints all");
      left -= rows.length;
    }
  } finally {
    await store.close();
  }
}

function requireQuery(text: string): void {
  if (text.trim() !== "") return;
  throw new OptionError({
    column: "query",
    message: "was empty",
    fix: 'write for example "SELECT count(*) FROM trades"',
  });
}

function cell(value: unknown): string {
  if (value === null) return "NULL";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
