import type {
  DuckDBDataChunk,
  DuckDBDateValue,
  DuckDBIntervalValue,
  DuckDBTimestampTZValue,
  DuckDBType,
  DuckDBValue,
} from "@duckdb/node-api";

/** A double holds every decimal of so many digits. */
const EXACT_DIGITS = 15;

/**
 * Rows of a chunk as plain values: whole numbers and decimals that a double holds exactly as numbers and the larger ones
 * as text; floating-point numbers as numbers (NaN and infinities too); dates, times, those with a zone in UTC, and texts
 * as text; blobs as text with `\xFF` for bytes beyond ASCII; lists as arrays, structs as objects, maps as arrays of
 * `{ key, value }`, unions as `{ tag, value }`, intervals as `{ months, days, micros }`.
 *
 * @param options.isJson - NaN and infinities as the texts `NaN`, `Infinity` and `-Infinity`, which JSON has no numbers for
 */
export async function plainRows(
  chunk: DuckDBDataChunk,
  { isJson }: { readonly isJson: boolean },
): Promise<unknown[][]> {
  const { JsonDuckDBValueConverter, DuckDBTypeId, DuckDBTimestampValue } = await import(
    "@duckdb/node-api"
  );
  const convert = (value: DuckDBValue, type: DuckDBType): unknown => {
    if (value === null) return null;
    if (typeof value === "bigint") return whole(value);
    switch (type.typeId) {
      case DuckDBTypeId.FLOAT:
      case DuckDBTypeId.DOUBLE:
        return isJson && !Number.isFinite(value) ? String(value) : value;
      case DuckDBTypeId.DECIMAL:
        return decimal(String(value));
      case DuckDBTypeId.DATE: {
        const date = value as DuckDBDateValue;
        if (date.isFinite) return String(date);
        return date.days > 0 ? "infinity" : "-infinity";
      }
      case DuckDBTypeId.TIMESTAMP_TZ: {
        // Its own text would be in the zone of this machine.
        const time = value as DuckDBTimestampTZValue;
        return `${new DuckDBTimestampValue(time.micros)}${time.isFinite ? "+00" : ""}`;
      }
      case DuckDBTypeId.INTERVAL: {
        const { months, days, micros } = value as DuckDBIntervalValue;
        return { months, days, micros: whole(micros) };
      }
      default:
        return JsonDuckDBValueConverter(value, type, convert as typeof JsonDuckDBValueConverter);
    }
  };
  return chunk.convertRows(convert) as unknown[][];
}

function whole(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}

function decimal(text: string): number | string {
  const digits = text.replace(/\D/g, "").replace(/^0+|0+$/g, "");
  return digits.length <= EXACT_DIGITS ? Number(text) : text;
}
