import type { FileSource } from "../store/manifest.js";
import type { DataType, PartitionKey } from "../store/tables.js";

/** Where vendor files come from. */
export interface Source {
  readonly kind: FileSource["kind"];
  /** What to call it in messages; holds no key. */
  readonly name: string;
  /** Types to ask for when none are named; those that it has no file of are left out. */
  readonly defaultTypes: readonly DataType[];
  /**
   * Fails when the source can have nothing for a request.
   *
   * @throws {OptionError} the source is known not to have the exchange or one of the symbols
   */
  readonly requireKnown: (exchange: string, symbols: readonly string[]) => Promise<void>;
  /** Bytes of a file; undefined when the source does not have it, NaN when it does not say. */
  readonly size: (key: PartitionKey) => Promise<number | undefined>;
  /**
   * Brings a file to this machine.
   *
   * @param temporary - path that a download may be written to; the caller removes it
   * @returns the file's path; undefined when the source does not have it
   * @throws {DataError} the file cannot be fetched
   * @throws {OptionError} the source cannot be reached at all
   */
  readonly fetch: (key: PartitionKey, temporary: string) => Promise<string | undefined>;
  /** Whether `fetch` costs nothing, so that what is stored can be compared with the source's bytes. */
  readonly isLocal: boolean;
  /** Ends open connections. */
  readonly close: () => void;
}
