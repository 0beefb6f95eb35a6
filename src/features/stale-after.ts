import { z } from "zod";
import { OptionError } from "../core/errors.js";
import { readSettingsFile, SETTINGS_FILE } from "../core/settings-file.js";
import { SECOND_US } from "../core/time.js";
import { STALE_AFTER_US } from "../market/order-book.js";

/** What may stand under `book:`. */
const SECTION = z.strictObject({
  staleAfterSeconds: z.record(z.string(), z.number().min(0.001).max(86_400)).optional(),
});

/**
 * How old the last book event of an exchange may be before the book counts as invalid: 60 s, or what the project's
 * `tickbook.yaml` says under `book: { staleAfterSeconds: { bitstamp: 120 } }`.
 *
 * @param folder - folder of the settings file; the project's root when left out
 * @returns µs
 * @throws {OptionError} the file cannot be read, or what stands there is none of this; any name may be an exchange's
 */
export function staleAfterUs(exchange: string, folder?: string): number {
  const { book } = folder === undefined ? readSettingsFile() : readSettingsFile(folder);
  const section = SECTION.safeParse(book ?? {});
  if (section.success) {
    const seconds = section.data.staleAfterSeconds?.[exchange];
    return seconds === undefined ? STALE_AFTER_US : seconds * SECOND_US;
  }
  const path = section.error.issues[0]?.path ?? [];
  throw new OptionError({
    file: SETTINGS_FILE,
    column: ["book", ...path].join("."),
    message: `was ${JSON.stringify(valueAt(book, path))}, expected seconds from 0.001 to 86400 by exchange`,
    fix: "write for example `book: { staleAfterSeconds: { bitstamp: 120 } }`, or leave it out for 60 s",
  });
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce((inner, name) => (inner as Record<PropertyKey, unknown>)[name], value);
}
