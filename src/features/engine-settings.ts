import { DataError, OptionError } from "../core/errors.js";
import { DAY_US, MINUTE_US } from "../core/time.js";
import type { BookSource } from "../market/book-source.js";
import { COINS, type Contract, contractName } from "../market/contract.js";
import { STALE_AFTER_US } from "../market/order-book.js";

/** Settings of an engine; two engines with equal settings and events give equal bits. */
export interface EngineSettings {
  /** Length of a bar, µs; a day holds a whole number of them. Default one minute. */
  readonly barUs?: number;
  /** Age of the last book event beyond which a book is not valid, µs. Default 60 s. */
  readonly staleAfterUs?: number;
  /** How amounts become money. Default coins. */
  readonly contract?: Contract;
  /** Kind of data the book comes from. Default incremental_book_L2. */
  readonly bookSource?: BookSource;
  /** False where the data tells nothing of trades: then they are missing, and not none. Default true. */
  readonly hasTrades?: boolean;
}

/** Settings as plain JSON in a saved state. */
export type SavedSettings = Omit<Required<EngineSettings>, "contract"> & {
  /** Name of the contract. */
  readonly contract: string;
};

/** Settings as a state is saved with them. */
export function savedSettings(settings: Required<EngineSettings>): SavedSettings {
  return { ...settings, contract: contractName(settings.contract) };
}

/**
 * Settings with what was left out.
 *
 * @throws {OptionError} a bar length that does not divide a day
 */
export function completeSettings({
  barUs = MINUTE_US,
  staleAfterUs = STALE_AFTER_US,
  contract = COINS,
  bookSource = "incremental_book_L2",
  hasTrades = true,
}: EngineSettings = {}): Required<EngineSettings> {
  requireBar(barUs);
  return { barUs, staleAfterUs, contract, bookSource, hasTrades };
}

/**
 * Checks the length of a bar.
 *
 * @returns the length
 * @throws {OptionError} it does not divide a day into whole bars of at least a second
 */
export function requireBar(barUs: number): number {
  if (barUs >= 1e6 && DAY_US % barUs === 0) return barUs;
  throw new OptionError({
    column: "--bar",
    message: `was ${barUs / 1e6} seconds, which does not divide a day into whole bars`,
    fix: "use for example 1m, 5m or 1h",
  });
}

/**
 * Checks that a state was made by the same catalogue and settings.
 *
 * @throws {DataError} it was not
 */
export function requireSame(
  saved: { readonly catalogue: string; readonly settings: SavedSettings },
  own: { readonly catalogue: string; readonly settings: Required<EngineSettings> },
): void {
  const isSame =
    saved.catalogue === own.catalogue &&
    Object.entries(savedSettings(own.settings)).every(
      ([name, value]) => saved.settings[name as keyof SavedSettings] === value,
    );
  if (isSame) return;
  throw new DataError({
    message: "the saved state was of another feature catalogue or other settings",
    fix: "compute the features from an earlier day on, without that state",
  });
}
