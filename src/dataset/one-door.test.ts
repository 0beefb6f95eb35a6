// May any later stage read features past their verdicts? The source is searched for other ways in.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

/** Files that name the table of features, and why each may. Only one of them serves models. */
const MAY_NAME: Readonly<Record<string, string>> = {
  "dataset/symbol-features.ts":
    "the door: returns the verdict with every row and refuses stale ones",
  "features/feature-partition.ts": "says where the table lies",
  "features/make-feature-day.ts": "writes the table and joins the verdict to it",
  "features/clock-before.ts": "counts the bars of days before, for causes of missing values alone",
  "features/feature-days.ts": "says whether the table is up to date",
  "features/check/symbol-columns.ts": "reads values as they were written, for their checks",
  "reporting/features/feature-frame.ts": "draws values; no model is fed from it",
  "bench/features/feature-values.ts": "holds stored values beside streamed ones, bit by bit",
  "evaluation/canaries/rebuilt/event-bars.ts":
    "asks where a day's state came from, to rebuild its rows from events",
  "evaluation/canaries/rebuilt/rebuilt-market.ts":
    "reads rows of days before as a rebuilt row looks back on them; nothing is fitted on them",
  "faults/leaks/stored-leaks.ts": "plants a leak in a stored table, to see that it is noticed",
  "faults/ingest/store-flip.ts": "flips bytes of a stored table",
  "faults/store-readings.ts": "counts rows of a damaged table, to see that the damage is noticed",
  "features/stored-rows.ts":
    "gives rows as an engine gave them, to warm a run up and to hold a run's journal against; nothing is fitted on them",
  "runtime/feed/stored-start.ts": "warms inputs up with the days before a run",
  "runtime/acceptance/parity.ts": "holds what a run has logged beside them",
  "reporting/runs/run-report.ts": "asks whether a run's days are stored, to compare them",
  "store/views.ts": "the SQL view for people, which has the verdict as a column",
};

/** Ways to name the table: its folder, by function, as a path or in parts, the view's definition, and the view in SQL. */
const WAYS: readonly RegExp[] = [
  /\bfeaturesFolder\b/,
  /["'`]features\/bar=/,
  /"features",.*bar=/,
  /parent: "features"/,
  /\b(?:from|join)\s+"?features\b(?![/.])/i,
];

const SRC = path.join(__dirname, "..");

const files = readdirSync(SRC, { recursive: true, encoding: "utf8" })
  .map((file) => file.split(path.sep).join("/"))
  .filter((file) => file.endsWith(".ts") && !/(?:^|\/)test-|\.test\.ts$/.test(file));

const namesTable = (text: string): boolean => WAYS.some((way) => way.test(text));

/** The code of a file without its comments. */
function code(file: string): string {
  const text = readFileSync(path.join(SRC, file), "utf8");
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|\s)\/\/.*$/gm, "$1");
}

test("no file but the door reads stored features for models", () => {
  const found = files.filter((file) => namesTable(code(file)));
  expect(found.sort()).toEqual(Object.keys(MAY_NAME).sort());
});

test.each([
  ["a call", "await readDerived(store, featuresFolder(day, barUs));"],
  ["a path", "readDerived(store, `features/bar=1m/exchange=x`)"],
  ["a path in parts", 'store.path("features", `bar=1m`)'],
  ["SQL", "query(store, 'SELECT tfi FROM features WHERE true')"],
])("the search finds %s", (_, text) => {
  expect(namesTable(text)).toBe(true);
});

test("whatever builds a dataset or cuts folds can only get its rows with their verdicts", () => {
  const builders = files.filter((file) => /\bsymbolFeatures\(/.test(code(file)));
  expect(builders).toEqual(["dataset/read-features.ts", "dataset/symbol-features.ts"]);
});
