import { expect, test } from "vitest";
import { cellText, renderTable, type Table, tableText } from "./table.js";

const table: Table = {
  caption: "Rows & delays",
  columns: [{ name: "symbol" }, { name: "rows" }, { name: "delay", unit: "ms", digits: 1 }],
  rows: [
    ["<b>BTC</b>", 1_234_567, 3.05555],
    ["ETH", null, Number.NaN],
  ],
};

test("numbers stand right with their column's digits, what is missing is a dash, text is escaped", () => {
  const { text } = renderTable(table);
  expect(text).toContain('<td class="number" data-value="1234567">1,234,567</td>');
  expect(text).toContain(">3.1</td>");
  expect(text.match(/>—</g)).toHaveLength(2);
  expect(text).toContain("&lt;b&gt;BTC&lt;/b&gt;");
  expect(text).toContain('delay <span class="unit">ms</span>');
  expect(tableText(table).split("\n")[1]).toBe("<b>BTC</b>  1,234,567  3.1");
});

test("a table can be sorted from eleven rows on", () => {
  const long = (n: number): string => {
    return renderTable({ ...table, rows: Array.from({ length: n }, () => ["A", 1, 1]) }).text;
  };
  expect(long(10)).not.toContain("<button");
  expect(long(11).match(/<button/g)).toHaveLength(3);
});

test("a number without given digits shows four significant ones", () => {
  const plain = { name: "x" };
  expect(cellText(12.345678, plain)).toBe("12.35");
  expect(cellText(0.00012345678, plain)).toBe("0.0001235");
  expect(cellText(123_456.7, plain)).toBe("123,457");
  expect(cellText(true, plain)).toBe("true");
  expect(cellText(-0, plain)).toBe("0");
  expect(cellText(-0.001, { name: "x", digits: 2 })).toBe("0.00");
  expect(cellText(-0.01, { name: "x", digits: 2 })).toBe("-0.01");
});

test("quoted numbers are shown with all their digits, to the right", () => {
  const columns = [{ name: "price", kind: "exact" as const }];
  const { text } = renderTable({ caption: "", columns, rows: [[61_838.01], [0.000123456]] });
  expect(text).toContain('<td class="number" data-value="61838.01">61,838.01</td>');
  expect(text).toContain(">0.00012346<");
});

test("a verdict that is none of the six is undecided", () => {
  const columns = [{ name: "verdict", kind: "verdict" as const }];
  const { text } = renderTable({ caption: "", columns, rows: [["pass"], ["toString"]] });
  expect(text).toContain('class="badge pass"');
  expect(text).toContain('class="badge undecided"');
});

test("a table without rows says that there are none, over all of its columns", () => {
  const empty = {
    caption: "Findings",
    columns: [{ name: "symbol" }, { name: "feature" }],
    rows: [],
  };
  expect(renderTable(empty).text).toContain('<td class="words" colspan="2">none</td>');
});
