import type { DataError } from "../core/errors.js";
import type { DataType, PartitionKey } from "../store/tables.js";

/** Where vendor files come from. */
export interface Source {
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
  /** Why the source is sure to refuse a file, known without asking it; undefined when it may give it. */
  readonly refusal: (key: PartitionKey) => DataError | undefined;
  /**
   * Bytes of a file; undefined when the source does not have it, NaN when it does not say.
   *
   * @throws {DataError} the source refuses the file
   * @throws {OptionError} the source cannot be reached at all
   */
  readonly size: (key: PartitionKey) => Promise<number | undefined>;
  /**
   * Brings a file to this machine. What a download leaves at the path is overwritten, so a file that turns out to be damaged
   * is fetched again by the same call.
   *
   * @param temporary - path that a download may be written to; the caller removes it
   * @param options.again - the file that came before was damaged: caches on the way are not to give the same one
   * @returns the file's path; undefined when the source does not have it
   * @throws {DataError} the file cannot be fetched
   * @throws {OptionError} the source cannot be reached at all
   */
  readonly fetch: (
    key: PartitionKey,
    temporary: string,
    options?: { readonly again?: boolean },
  ) => Promise<string | undefined>;
  /** Whether `fetch` costs nothing, so that what is stored can be compared with the source's bytes. */
  readonly isLocal: boolean;
  /** Ends open connections. */
  readonly close: () => void;
}
