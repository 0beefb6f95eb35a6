import { type Column, type ColumnMaker, makeColumn } from "../column.js";
import {
  doubles,
  flags,
  optionalNumbers,
  smallNumbers,
  unsignedNumbers,
  wholeNumbers,
} from "./number-decoding.js";
import type { ReadPages } from "./page-reading.js";
import type { StoredType } from "./stored-column.js";
import { type TextCodes, textCodes, texts } from "./text-decoding.js";

/** What is to be made of a column. */
interface Decoding {
  readonly type: StoredType;
  readonly isNullable: boolean;
  /** Texts become codes; they have to have a dictionary. */
  readonly codes?: TextCodes | undefined;
  /** Gives the columns that are not made anyway. */
  readonly make?: ColumnMaker;
}

/**
 * Values of a column: the reverse of `ColumnPageMaker`. BIGINT and DOUBLE become Float64Array with NaN for nulls, UBIGINT
 * BigUint64Array, INTEGER Int32Array, TINYINT Int8Array, UTINYINT and BOOLEAN Uint8Array, VARCHAR strings or codes.
 *
 * @param rows - at least one
 * @throws {CorruptFile} the pages are not what our writer makes of as many rows
 */
export function decodeColumn(
  pages: ReadPages,
  rows: number,
  { type, isNullable, codes, make = makeColumn }: Decoding,
): Column {
  switch (type) {
    case "BIGINT":
      return isNullable ? optionalNumbers(pages, rows, make) : wholeNumbers(pages, rows, make);
    case "DOUBLE":
      return doubles(pages, rows, make);
    case "UBIGINT":
      return unsignedNumbers(pages, rows);
    case "VARCHAR":
      return codes === undefined ? texts(pages, rows) : textCodes(pages, rows, { ...codes, make });
    case "BOOLEAN":
      return flags(pages, rows, make);
    case "TINYINT":
      return smallNumbers(pages, make("int8", rows));
    case "UTINYINT":
      return smallNumbers(pages, make("uint8", rows));
    case "INTEGER":
      return smallNumbers(pages, make("int32", rows));
  }
}
