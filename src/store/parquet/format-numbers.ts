import type { StoredType } from "./stored-column.js";

/** What a Parquet file begins and ends with. */
export const MAGIC: Uint8Array = Buffer.from("PAR1");

/** What our files name as their maker. */
export const CREATOR = "tickbook";

/** Numbers of Parquet's encodings. */
export const ENCODING = { plain: 0, runs: 3, delta: 5, dictionary: 8 } as const;

/** Number of the one compression that we use. */
export const ZSTD = 6;

/** Numbers of the kinds of page. */
export const PAGE = { data: 0, dictionary: 2 } as const;

/** Numbers that say whether a column may have nulls. */
export const REPETITION = { required: 0, optional: 1 } as const;

/** Number of each physical type, and of the name that readers give it. */
export const TYPES: Readonly<Record<StoredType, readonly [physical: number, converted?: number]>> =
  {
    BOOLEAN: [0],
    TINYINT: [1, 15],
    UTINYINT: [1, 11],
    INTEGER: [1, 17],
    BIGINT: [2, 18],
    UBIGINT: [2, 14],
    DOUBLE: [5],
    VARCHAR: [6, 0],
  };
