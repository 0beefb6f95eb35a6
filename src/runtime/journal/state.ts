import { OptionError, WorkbenchError } from "../../core/errors.js";

/** Whether the database takes what is written. */
export type JournalState =
  | { readonly name: "up" }
  | {
      readonly name: "down";
      /** In words, without a password. */
      readonly reason: string;
      /** True when waiting does not mend it: another process drives the run, or it is another database. */
      readonly isFinal: boolean;
    };

/** What the server says to one that it does not know or let in; no outage. */
const UNWANTED = /^(28...|3D000|42501)$/;

/** What is wrong with a database, as a state: our own errors are final, all others may pass. */
export function downState(
  error: unknown,
  withoutPassword: (text: string) => string,
): Extract<JournalState, { readonly name: "down" }> {
  const isFinal = error instanceof WorkbenchError;
  return { name: "down", reason: withoutPassword(reasonOf(error)), isFinal };
}

/**
 * What an error of the first connection makes of a start.
 *
 * @returns why it is refused; undefined for an outage, in which a run may go on from its own files
 */
export function refusal(
  error: unknown,
  {
    place,
    withoutPassword,
  }: { readonly place: string; readonly withoutPassword: (text: string) => string },
): WorkbenchError | undefined {
  if (error instanceof WorkbenchError) return error;
  if (!UNWANTED.test(codeOf(error))) return undefined;
  return new OptionError({
    column: "DATABASE_URL",
    message: withoutPassword(`was refused by ${place} (${textOf(error)})`),
    fix: "mend user, password or name in it, or let that user in",
  });
}

function reasonOf(error: unknown): string {
  if (error instanceof WorkbenchError) return error.message;
  const code = codeOf(error);
  return code === "" || textOf(error).includes(code) ? textOf(error) : `${textOf(error)} (${code})`;
}

function textOf(error: unknown): string {
  // One that failed for several addresses says so in its parts alone.
  const { message, errors } = error as Error & { readonly errors?: readonly Error[] };
  return message || (errors?.[0]?.message ?? "the database could not be reached");
}

function codeOf(error: unknown): string {
  return String((error as { readonly code?: unknown }).code ?? "");
}
