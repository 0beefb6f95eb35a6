import { DAY_US, dayStartUs } from "../core/time.js";
import { SCHEMAS } from "../store/schema.js";
import type { DataType, PartitionKey } from "../store/tables.js";
import { RowParser } from "./row-parser.js";

/** Day of the files that are parsed. */
const DATE = "2024-08-08";

/** Its start. */
export const START_US: number = dayStartUs(DATE);

/** A good row as numbers and texts, or undefined: the rules once more, by splitting and the language's own numbers. */
function plainModel(
  type: DataType,
  text: string,
  lastLocalUs: number,
): readonly unknown[] | undefined {
  const [exchange, symbol, ...fields] = text.split(",");
  const rules = SCHEMAS[type];
  if (exchange !== "binance" || symbol?.replace(/[/:]/g, "-").toUpperCase() !== "BTCUSDT")
    return undefined;
  if (fields.length !== rules.length) return undefined;
  const values = rules.map(({ rule, isOptional }, i) => {
    const field = fields[i]!;
    switch (rule) {
      case "time":
        if (field === "" && isOptional) return Number.NaN;
        if (isOptional && Number(field) < 1e15) return undefined;
        return /^\d{1,16}$/.test(field) ? Number(field) : undefined;
      case "bookSide":
        return { bid: 1, ask: -1 }[field];
      case "tradeSide":
        return { buy: 1, sell: -1, unknown: 0 }[field];
      case "flag":
        return { true: 1, false: 0 }[field];
      case "text":
        return /^[ !#-~]{0,256}$/.test(field) ? field : undefined;
      default: {
        if (field === "" && isOptional) return Number.NaN;
        if (!/^-?\d+(\.\d+)?([eE][-+]?\d+)?$/.test(field) || !Number.isFinite(Number(field)))
          return undefined;
        const value = Number(field);
        if (rule === "positive" && value <= 0) return undefined;
        if (rule === "nonNegative" && value < 0) return undefined;
        if (rule === "ratio" && (value < 0 || value > 1)) return undefined;
        return value;
      }
    }
  });
  if (values.includes(undefined)) return undefined;
  const isEmpty = (name: string): boolean =>
    Number.isNaN(values[rules.findIndex((rule) => rule.name === name)]);
  for (const { name } of rules) {
    const price = name.replace("amount", "price");
    if (price !== name && isEmpty(price) && !isEmpty(name)) return undefined;
  }
  const [timestampUs, localUs] = values as readonly number[];
  if (localUs! < START_US || localUs! >= START_US + DAY_US || localUs! < lastLocalUs)
    return undefined;
  if (Math.abs(timestampUs! - localUs!) > DAY_US) return undefined;
  return values;
}

/** Rows that were taken, and the line numbers of those that were not. */
export interface ParsedRows {
  readonly rows: readonly (readonly unknown[])[];
  readonly rejected: readonly number[];
}

/** What of a file's lines is taken and rejected, by the plain model. */
export function byPlainModel(type: DataType, lines: readonly string[]): ParsedRows {
  const rows: (readonly unknown[])[] = [];
  const rejected: number[] = [];
  let lastLocalUs = 0;
  for (const [i, line] of lines.entries()) {
    const values = plainModel(type, line, lastLocalUs);
    if (values === undefined) rejected.push(i + 2);
    else {
      lastLocalUs = values[1] as number;
      rows.push(values);
    }
  }
  return { rows, rejected };
}

/** The same by the parser, which gets the file in pieces of so many bytes. */
export function byParser(type: DataType, lines: readonly string[], pieceBytes: number): ParsedRows {
  const key: PartitionKey = { type, exchange: "binance", symbol: "BTCUSDT", date: DATE };
  const rows: unknown[][] = [];
  const rejected: number[] = [];
  const parser = new RowParser(key, {
    append: (batch, count) => {
      for (let i = 0; i < count; i++) {
        rows.push(
          batch.columns.map((column) => {
            if (!("ends" in column)) return column[i];
            const from = i === 0 ? 0 : column.ends[i - 1];
            return Buffer.from(column.bytes.subarray(from, column.ends[i])).toString();
          }),
        );
      }
      return batch;
    },
    reject: (line) => rejected.push(line),
  });
  const header = ["exchange", "symbol", ...SCHEMAS[type].map(({ name }) => name)].join(",");
  const bytes = Buffer.from(`${[header, ...lines].join("\n")}\n`, "latin1");
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    parser.push(Buffer.from(bytes.subarray(at, at + pieceBytes)));
  }
  parser.end();
  return { rows, rejected };
}
