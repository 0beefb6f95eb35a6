/** Values of a row group: readers hold one group at a time and skip those they do not need. */
const GROUP_VALUES = 1 << 20;

/** Most rows of a group. */
export const GROUP_ROWS: number = 1 << 17;

/** Rows of a row group of so many columns: a power of two, the same for every table of these columns. */
export function rowGroupRows(columns: number): number {
  return Math.min(GROUP_ROWS, 2 ** Math.floor(Math.log2(GROUP_VALUES / columns)));
}
