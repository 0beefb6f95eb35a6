/** Texts one after the other: text `i` is `bytes[ends[i − 1] … ends[i]]`, the first begins at 0. UTF-8. */
export interface Texts {
  readonly bytes: Uint8Array;
  readonly ends: Uint32Array;
}

/** Distinct values of a column and, row by row, which of them it holds. */
export interface TextDictionary {
  readonly values: readonly string[];
  readonly indexes: Uint32Array;
}

/** A dictionary of more texts than this saves nothing. */
const MOST_TEXTS = 1 << 12;

/**
 * Finds the distinct texts of a column.
 *
 * @param indexes - room for one per row, which is filled
 * @returns undefined when there are many
 */
export function textDictionary(
  column: readonly string[],
  rows: number,
  indexes: Uint32Array,
): TextDictionary | undefined {
  const found = new Map<string, number>();
  for (let i = 0; i < rows; i++) {
    const text = column[i]!;
    let index = found.get(text);
    if (index === undefined) {
      index = found.size;
      if (index === MOST_TEXTS || index > rows / 2) return undefined;
      found.set(text, index);
    }
    indexes[i] = index;
  }
  return { values: [...found.keys()], indexes };
}

/**
 * The texts that small codes stand for, as a dictionary.
 *
 * @param labels - text of code `c` at `c + 1`
 * @param indexes - room for one per row, which is filled
 */
export function codeDictionary(
  codes: Int8Array,
  rows: number,
  { labels, indexes }: { readonly labels: readonly string[]; readonly indexes: Uint32Array },
): TextDictionary {
  const indexOf = new Int8Array(labels.length).fill(-1);
  const values: string[] = [];
  for (let i = 0; i < rows; i++) {
    const code = codes[i]! + 1;
    if (indexOf[code]! < 0) indexOf[code] = values.push(labels[code]!) - 1;
    indexes[i] = indexOf[code]!;
  }
  return { values, indexes };
}
