// How is money compared so that rounding of doubles never breaks a rule? In whole cents, as the firms show it.
import { OptionError } from "../../core/errors.js";

/**
 * Money in whole cents, halves rounded up.
 *
 * @throws {OptionError} it is no finite number
 */
export function inCents(usd: number): number {
  const cents = Math.round(100 * usd);
  if (!Number.isFinite(cents)) {
    throw new OptionError({
      column: "account",
      message: `was ${usd} dollars, expected a finite amount`,
      fix: "tell the account only when all its positions have prices",
    });
  }
  // JSON knows no −0.
  return cents + 0;
}

/** A share of an amount in whole cents, halves rounded up. The ratio counts in whole basis points, which makes it exact. */
export function shareCents(ratio: number, cents: number): number {
  return Math.round((Math.round(1e4 * ratio) * cents) / 1e4) + 0;
}

/** Whole cents as dollars. */
export function inUsd(cents: number): number {
  return cents / 100;
}
