import { expect, test } from "vitest";
import { lineGainsTable } from "./line-gains-table.js";
import { cellText } from "./table.js";
import { sampleGains } from "./test-sequence-samples.js";

test("a row for all symbols and for each, with what the true probabilities say where they are known", () => {
  const gains = sampleGains();
  const { columns, rows, caption } = lineGainsTable(gains);
  expect(caption).toContain("on the same 8,300 rows");
  expect(rows).toHaveLength(8);
  const texts = rows.map((row) => row.map((cell, i) => cellText(cell, columns[i]!)));
  expect(texts[0]).toEqual([
    ...["lstm", "all"],
    ...["0.4", "−0.5 to 1.3", "◆ undecided", "0.0", "−0.2 to 0.2"],
    ...["0.6", "−0.6 to 1.8", "◆ undecided", "0.0", "−0.4 to 0.4"],
  ]);
  expect(texts[7]!.slice(0, 2)).toEqual(["transformer", "SOLUSDT"]);
  const seen = gains.models.map(({ byTruth: _, ...one }) => one);
  const real = lineGainsTable({ ...gains, models: seen, labelKind: "close" });
  expect(real.caption).toMatch(/^BOUNCE-PRONE: /);
  expect(real.columns).toHaveLength(8);
  for (const row of real.rows) expect(row).toHaveLength(8);
});
