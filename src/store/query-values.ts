import type { DuckDBDataChunk, DuckDBType, DuckDBValue } from "@duckdb/node-api";

/**
 * Rows of a chunk as plain values: whole numbers that a double holds exactly, decimals and floating-point numbers as
 * numbers (NaN and infinities too), larger whole numbers, dates, times and texts as text, lists and structs as such.
 */
export async function plainRows(chunk: DuckDBDataChunk): Promise<unknown[][]> {
  const { JsonDuckDBValueConverter, DuckDBTypeId } = await import("@duckdb/node-api");
  const floats: readonly number[] = [DuckDBTypeId.FLOAT, DuckDBTypeId.DOUBLE];
  const convert = (value: DuckDBValue, type: DuckDBType): unknown => {
    if (value === null) return null;
    if (typeof value === "bigint") {
      const number = Number(value);
      return Number.isSafeInteger(number) ? number : String(value);
    }
    if (floats.includes(type.typeId)) return value;
    if (type.typeId === DuckDBTypeId.DECIMAL) return Number(String(value));
    return JsonDuckDBValueConverter(value, type, convert as typeof JsonDuckDBValueConverter);
  };
  return chunk.convertRows(convert) as unknown[][];
}
