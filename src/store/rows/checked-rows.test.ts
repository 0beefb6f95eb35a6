import fc from "fast-check";
import { expect, test } from "vitest";
import { DAY_US, dayStartUs } from "../../core/time.js";
import type { Batch } from "../../ingest/batch.js";
import { makeBatch } from "../../ingest/batch.js";
import { RowParser } from "../../ingest/row-parser.js";
import { type Field, SCHEMAS } from "../schema.js";
import type { DataType } from "../tables.js";
import { CheckedRows } from "./checked-rows.js";
import type { RowValue } from "./row-values.js";

const DATE = "2024-03-01";
const START_US = dayStartUs(DATE);

/** Values of a field, good and bad, each with how a vendor's file would write it. */
function fieldValues({ rule }: Field): fc.Arbitrary<readonly [RowValue, string]> {
  const written = (...values: number[]): (readonly [RowValue, string])[] =>
    values.map((value) => [value, String(value)] as const);
  const missing = [undefined, ""] as const;
  switch (rule) {
    case "time":
      return fc.constantFrom<readonly [RowValue, string]>(
        ...written(START_US, START_US + 1, START_US + DAY_US - 1, START_US + DAY_US),
        ...written(START_US - 1, START_US - DAY_US, START_US - DAY_US - 1, START_US + 2 * DAY_US),
        ...written(START_US + 2 * DAY_US + 1, 0, -5, 1.5, 1e16, 1e16 - 2),
        [Number.NaN, "soon"],
        missing,
      );
    case "tradeSide":
      return fc.constantFrom<readonly [RowValue, string]>(
        [1, "buy"],
        [-1, "sell"],
        [0, "unknown"],
        [undefined, "both"],
      );
    case "bookSide":
      return fc.constantFrom<readonly [RowValue, string]>(
        [1, "bid"],
        [-1, "ask"],
        [undefined, "mid"],
      );
    case "flag":
      return fc.constantFrom<readonly [RowValue, string]>(
        [true, "true"],
        [false, "false"],
        [undefined, "1"],
      );
    case "text":
      return fc.constantFrom<readonly [RowValue, string]>(
        ["", ""],
        ["17 a", "17 a"],
        ['a"b', 'a"b'],
        ["é", "é"],
      );
    default:
      return fc.constantFrom<readonly [RowValue, string]>(
        ...written(0, -0.5, 60000.5, 1e-8, 0.3, 1e21, 5e-324, 1.7976931348623157e308),
        [-0, "-0"],
        [Number.POSITIVE_INFINITY, "1e999"],
        [Number.NEGATIVE_INFINITY, "-1e999"],
        [Number.NaN, "abc"],
        missing,
      );
  }
}

/** Rows that are mostly right: a time that does not fall, and each field good nine times of ten. */
function rowsOf(type: DataType): fc.Arbitrary<readonly (readonly [RowValue, string])[][]> {
  const usual = (field: Field, local: boolean): fc.Arbitrary<readonly [RowValue, string]> => {
    if (field.rule === "time") {
      const max = local ? DAY_US - 1 : DAY_US;
      return fc.integer({ min: 0, max }).map((us) => [START_US + us, String(START_US + us)]);
    }
    return fieldValues(field);
  };
  const fields = SCHEMAS[type].map((field, f) =>
    fc.oneof({ arbitrary: usual(field, f === 1), weight: 9 }, fieldValues(field)),
  );
  return fc.array(fc.tuple(...fields), { minLength: 1, maxLength: 20 });
}

/** Columns and rejections of the values. */
function checked(type: DataType, rows: readonly (readonly RowValue[])[]): unknown {
  const kept: unknown[] = [];
  const reasons: string[] = [];
  const sink = new CheckedRows(type, {
    dayStartUs: START_US,
    receiver: {
      append: (columns, count) => {
        for (let i = 0; i < count; i++) kept.push(columns.map((column) => column[i]));
      },
      reject: (reason) => reasons.push(reason),
    },
  });
  for (const row of rows) sink.add(row);
  sink.flush();
  expect(sink.rows).toBe(rows.length);
  return { kept, reasons };
}

/** The same of the rows as a vendor's file. */
function parsed(type: DataType, rows: readonly (readonly string[])[]): unknown {
  const kept: unknown[] = [];
  const reasons: string[] = [];
  const key = { type, exchange: "binance", symbol: "BTCUSDT", date: DATE };
  const parser = new RowParser(key, {
    append: (batch, count) => {
      for (let i = 0; i < count; i++) kept.push(batch.columns.map((column) => itemOf(column, i)));
      return makeBatch(SCHEMAS[type]);
    },
    reject: (_, reason) => reasons.push(reason),
  });
  const header = ["exchange", "symbol", ...SCHEMAS[type].map(({ name }) => name)].join(",");
  const lines = rows.map((row) => `binance,BTCUSDT,${row.join(",")}`);
  parser.push(Buffer.from(`${[header, ...lines].join("\n")}\n`));
  parser.end();
  return { kept, reasons };
}

function itemOf(column: Batch["columns"][number], row: number): unknown {
  if (!("ends" in column)) return column[row];
  const start = row === 0 ? 0 : column.ends[row - 1]!;
  return Buffer.from(column.bytes.subarray(start, column.ends[row])).toString();
}

test.each<DataType>([
  "trades",
  "incremental_book_L2",
  "quotes",
  "derivative_ticker",
  "book_snapshot_5",
  "simulation_truth",
])("%s are kept and rejected for the same reasons as the rows of a vendor's file", (type) => {
  fc.assert(
    fc.property(rowsOf(type), (rows) => {
      // The simulator's truth alone may be stamped with the day's end, and it is never replayed.
      fc.pre(type !== "simulation_truth" || !rows.some((row) => row[1]![0] === START_US + DAY_US));
      const values = rows.map((row) => row.map(([value]) => value));
      const texts = rows.map((row) => row.map(([, text]) => text));
      expect(checked(type, values)).toEqual(parsed(type, texts));
    }),
    { numRuns: 60, seed: 7 },
  );
});
