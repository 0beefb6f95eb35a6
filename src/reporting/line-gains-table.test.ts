import { expect, test } from "vitest";
import { lineGainsTable, lineSavingsTable } from "./line-gains-table.js";
import { cellText, type Table } from "./table.js";
import { sampleGains } from "./test-sequence-samples.js";

const texts = ({ columns, rows }: Table): readonly (readonly string[])[] =>
  rows.map((row) => row.map((cell, i) => cellText(cell, columns[i]!)));

test("a row for all symbols and for each, with what the true probabilities say where they are known", () => {
  const gains = sampleGains();
  const [accuracy, logLoss] = [lineGainsTable(gains), lineSavingsTable(gains)];
  expect(accuracy.caption).toContain("on the same 8,300 rows");
  expect(texts(accuracy)).toHaveLength(8);
  expect(texts(accuracy)[0]).toEqual([
    ...["lstm", "all", "0.4", "−0.5 to 1.3", "820", "◆ undecided"],
    // Gains of 0.4, 0 and 0.3 points.
    ...["0.0", "−0.2 to 0.2", "0.2 ± 0.2"],
  ]);
  expect(texts(logLoss)[0]).toEqual([
    ...["lstm", "all", "0.6", "−0.6 to 1.8", "820", "◆ undecided"],
    ...["0.0", "−0.4 to 0.4", "0.3 ± 0.4"],
  ]);
  expect(texts(logLoss)[7]!.slice(0, 2)).toEqual(["transformer", "SOLUSDT"]);
});

test("of several seeds mean and deviation are told, of a model with one nothing", () => {
  const gains = sampleGains();
  const models = gains.models.map((one, i) => (i < 4 ? one : { ...one, otherSeeds: [] }));
  const { columns, rows } = lineGainsTable({ ...gains, models });
  expect(columns.at(-1)!.name).toBe("mean ± sd of 3 seeds");
  expect(rows.map((row) => row.at(-1) === null)).toEqual(
    [0, 1, 2, 3, 4, 5, 6, 7].map((i) => i > 3),
  );
});

test("of real data nothing is said of the truth, and labels on the close are marked", () => {
  const gains = sampleGains();
  const models = gains.models.map(({ byTruth: _, ...one }) => ({ ...one, otherSeeds: [] }));
  for (const table of [lineGainsTable, lineSavingsTable]) {
    const { caption, columns, rows } = table({ ...gains, models, labelKind: "close" });
    expect(caption).toMatch(/^BOUNCE-PRONE: /);
    expect(columns).toHaveLength(6);
    for (const row of rows) expect(row).toHaveLength(6);
  }
});
