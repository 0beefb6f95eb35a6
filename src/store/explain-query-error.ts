/** What DuckDB said of a query, as the middle of a sentence, and what to do about it. */
export interface QueryTrouble {
  readonly what: string;
  readonly fix: string;
}

/** Lines of a message that help beside the first. */
const HINT = /^(Did you mean|Candidate bindings)/;

/** What mends errors of a kind; the rest is for whoever wrote the query to see. */
const FIXES: readonly (readonly [RegExp, string])[] = [
  [/^Out of Memory/, "ask for less at once: narrow it by exchange, symbol and date"],
  [/^IO Error.*(No space|offload)/i, "make room on the store's disk, or ask for less at once"],
  [/^IO Error/, "see that this user may read the store, and run it again"],
];

/**
 * Puts a message of DuckDB's, which has many lines, into one sentence.
 *
 * @param views - all there are; one of them is unknown to DuckDB only while no table of it is stored
 */
export function explainQueryError(message: string, views: readonly string[]): QueryTrouble {
  const lines = message.split("\n").map((line) => line.trim().replace(/[.!?]+$/, ""));
  const missing = /Table with name (\w+) does not exist/.exec(lines[0]!)?.[1];
  if (missing !== undefined && views.includes(missing)) {
    const fix = `make it with \`npx tickbook ${missing}\``;
    return { what: `the store holds no table of ${missing} yet`, fix };
  }
  const hint = lines.slice(1).find((line) => HINT.test(line));
  const what = hint === undefined ? lines[0]! : `${lines[0]} (${hint.replace(/: :/, ":")})`;
  const known = FIXES.find(([kind]) => kind.test(message))?.[1];
  const isOfNames = /^(Catalog|Binder) Error/.test(message);
  const names = `the views are ${views.join(", ")}; DESCRIBE names the columns of one`;
  return { what, fix: known ?? (isOfNames ? names : "mend the query") };
}
