import { OptionError } from "../core/errors.js";
import { query } from "../store/query.js";
import { openStore } from "../store/store.js";
import { type AddCommand, action } from "./command.js";

/** Rows printed for people; `--json` gives all. */
const SHOWN_ROWS = 100;

/** `tickbook sql`: a query over the store's views. */
export const sqlCommand: AddCommand = (program) => {
  program
    .command("sql")
    .description('run SQL over the store\'s views, for example "SELECT count(*) FROM trades"')
    .argument("<query>", "one SQL statement")
    .action(
      action(async ([text = ""], _, { dataDir, say }) => {
        requireQuery(text);
        const store = await openStore(dataDir);
        try {
          const result = await query(store, text);
          say(result.columns.join("\t"));
          for (const row of result.rows.slice(0, SHOWN_ROWS)) say(row.map(cell).join("\t"));
          const more = result.rows.length - SHOWN_ROWS;
          if (more > 0) say(`… ${more} more rows; --json prints all`);
          return { json: result, exitCode: 0 };
        } finally {
          await store.close();
        }
      }),
    );
};

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
