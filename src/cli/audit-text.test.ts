import { expect, test } from "vitest";
import { sampleAudit, sampleFinding } from "../reporting/test-audit-samples.js";
import { findingLines, hourLines, nextLine, verdictLine } from "./audit-text.js";

const result = {
  ...sampleAudit(),
  findings: [
    sampleFinding("gap", { count: 1200 }),
    sampleFinding("order", { isFatal: true, type: "incremental_book_L2", value: 1.5 }),
    sampleFinding("outlier", { symbol: "ETHUSDT", unit: "rows", value: 1 }),
  ],
};

/** Without the colours of a terminal. */
const plain = (line: string): string =>
  line.replaceAll(new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, "g"), "");

test("the first line is the verdict with the answer", () => {
  expect(plain(verdictLine(result))).toMatch(
    /^▲ usable {2}With care: BTCUSDT 20 of 24 hours good, 1 bad; ETHUSDT .*; 3 findings, 1 of them fatal/,
  );
});

test("findings stand below their symbol and day, fatal ones first and marked, in columns", () => {
  const lines = findingLines(result).map(plain);
  expect(lines).toEqual([
    "BTCUSDT 2024-03-01",
    "■ fatal order    incremental_book_L2      2  1.5 s  05:00:00  order was found",
    "        gap      trades               1,200   30 s  05:00:00  gap was found",
    "",
    "ETHUSDT 2024-03-01",
    "        outlier  trades                   2  1 row  05:00:00  outlier was found",
    "",
  ]);
  expect(findingLines({ ...result, findings: [] })).toEqual([]);
});

test("hours are counted by symbol and type, and the last hint is a command for the same days", () => {
  const [head, table] = hourLines(result);
  expect(head).toBe("hours by verdict");
  expect(table).toMatch(/^symbol +type +good +usable +bad\nBTCUSDT +trades +20 +3 +1\n/);
  const params =
    '{"exchange":"binance","symbols":"BTCUSDT,ETHUSDT","from":"2024-03-01","to":"2024-03-02"}';
  expect(nextLine(result)).toContain(`npx tickbook notebooks 02 --params '${params}'`);
});
