import type { BookColumns } from "./book-columns.js";

/** Where an encoder works. */
export interface EncoderPlace {
  /** The Parquet file to write. */
  readonly target: string;
  /** Empty folder for what it needs besides. */
  readonly folder: string;
  /** Folder whose `node_modules` holds the rival packages. */
  readonly packages: string;
}

/**
 * Writes columns of book changes into one Parquet file.
 *
 * @param blocks - pieces in order; each is overwritten by the next
 */
export type Encode = (blocks: AsyncIterable<BookColumns>, place: EncoderPlace) => Promise<void>;
