import { DataError } from "../core/errors.js";

/** A folder where a file should be is no file that cannot be read: it is the wrong thing. */
const WRONG_THING: readonly string[] = ["EISDIR", "ENOTDIR", "ELOOP"];

/** What is there cannot be looked at, or not now: whether it is whole is not known, and it must not pass for damaged. */
export class UnreadableError extends DataError {}

/**
 * The error for something of the store that could not be read.
 *
 * @param file - below the root
 * @param error - as the file system threw it
 */
export function unreadable(
  file: string,
  error: unknown,
  {
    message = "could not be read",
    fix = "let this user read the file",
  }: { readonly message?: string; readonly fix?: string } = {},
): DataError {
  const { code = "no reason" } = error as NodeJS.ErrnoException;
  const place = { file, message: `${message} (${code})`, fix };
  return WRONG_THING.includes(code) ? new DataError(place) : new UnreadableError(place);
}
