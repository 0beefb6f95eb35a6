import { expect, test } from "vitest";
import { costTable, type PlannedFile, planFindings, planTable } from "./ingest-plan.js";
import { tableText } from "./table.js";

function planned(
  status: PlannedFile["status"],
  bytes: number | null,
  place: Partial<PlannedFile> = {},
): PlannedFile {
  const key = { exchange: "x", symbol: "BTCUSDT", type: "trades", date: "2024-01-01" } as const;
  return { ...key, status, bytes, saidBy: "source", ...place };
}

test("a plan is counted by symbol and type, and every file once", () => {
  const files = [
    planned("stored", 1e6),
    planned("new", 2.5e6),
    planned("absent", null),
    planned("refused", null, { type: "quotes" }),
    planned("new", null, { type: "quotes" }),
    planned("new", 1e6, { symbol: "ETHUSDT" }),
  ];
  const { columns, rows } = planTable(files);
  expect(columns.map(({ name }) => name).slice(2, 7)).toEqual([
    "days",
    "stored",
    "new",
    "absent",
    "refused",
  ]);
  expect(rows).toEqual([
    ["BTCUSDT", "trades", 3, 1, 1, 1, 0, 3.5],
    ["BTCUSDT", "quotes", 2, 0, 1, 0, 1, Number.NaN],
    ["ETHUSDT", "trades", 1, 0, 1, 0, 0, 1],
  ]);
  expect(tableText(planTable(files))).toContain("—");
  expect(planFindings(files)).toBe(
    "**To fetch: 3 files, 3.50 MB and 1 file whose size the source does not tell**; " +
      "1 of 6 are in the store already; the source does not have 1; refused: 1.",
  );
});

test("sizes that nobody has told are said to be estimated", () => {
  const files = [planned("new", 1e6), planned("new", 3e6, { saidBy: "estimate" })];
  expect(planFindings(files)).toBe(
    "**To fetch: 2 files, 4.00 MB** (estimated from the days around them: 1 file); " +
      "0 of 2 are in the store already.",
  );
});

test("a plan of stored files says that nothing is to be fetched", () => {
  expect(planFindings([planned("stored", 1)])).toBe(
    "**Nothing is to be fetched**; 1 of 1 are in the store already.",
  );
});

test("a cost that nobody knows is said to be unknown", () => {
  const speed = { bytesPerSecond: 10e6, isMeasured: false };
  const text = tableText(
    costTable({
      bytesToFetch: NaN,
      disk: { partitions: NaN, temporary: NaN, needed: NaN, free: 2e9, fits: null },
      time: { seconds: NaN, download: speed, processing: speed },
    }),
  );
  expect(text).toMatch(/to fetch +unknown: no size is told +10.0 MB\/s, assumed/);
  expect(text).toMatch(/disk +unknown +2.00 GB are free: whether it fits is unknown/);
  expect(text).toMatch(/time +unknown +10.0 MB\/s, assumed/);
});

test("the cost stands beside what is free, and says what was measured and what assumed", () => {
  const speed = { bytesPerSecond: 10e6, isMeasured: false };
  const text = tableText(
    costTable({
      bytesToFetch: 5e9,
      disk: { partitions: 4e9, temporary: 1e9, needed: 5e9, free: 2e9, fits: false },
      time: { seconds: 7200, download: speed, processing: { ...speed, isMeasured: true } },
    }),
  );
  expect(text).toMatch(/to fetch +5.00 GB +10.0 MB\/s, assumed/);
  expect(text).toMatch(/disk +5.00 GB +2.00 GB are free: it does not fit/);
  expect(text).toMatch(/time +about 2.0 h +10.0 MB\/s, measured/);
});
