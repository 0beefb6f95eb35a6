import { withoutKeys } from "./settings.js";

/**
 * What is said of an error that nobody expected: its message as one sentence and how to see more, or all of it where
 * `TICKBOOK_DEBUG` is set. Foreign errors may carry a request with its key: only their text is shown, without keys.
 */
export function unexpectedError(error: unknown): string {
  if ((process.env["TICKBOOK_DEBUG"] ?? "") !== "") {
    return withoutKeys(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
  const text = error instanceof Error ? error.message || error.name : String(error);
  const what = text.replace(/\s+/g, " ").trim().replace(/\.$/, "");
  return `something went wrong that should not (${withoutKeys(what)}); run it again with TICKBOOK_DEBUG=1 to see where, and report that`;
}
