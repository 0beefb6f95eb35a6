// Does promoted.json say what the ledger says? It is a view of the ledger, never a source.
import path from "node:path";
import { canonicalJson, contentHash } from "../core/content-hash.js";
import { DataError } from "../core/errors.js";
import type { Link } from "./chain.js";
import type { LedgerState } from "./ledger-state.js";
import { versionOf } from "./trial.js";

/** A model that may run. */
export interface Promoted {
  readonly name: string;
  readonly version: string;
  /** Hash of its bundle's card. */
  readonly bundle: string;
  /** SHA-256 of the evaluation that it was promoted on. */
  readonly evaluation: string;
  /** Entry of the ledger that promoted it. */
  readonly since: number;
  /** Who signed it off; empty when nobody did. */
  readonly signOff: string;
  /** SIMULATED or REAL, as its bundle says; absent where it was promoted before that was recorded. */
  readonly marks?: readonly string[];
}

/** What the file says of itself. */
interface View {
  readonly entries: number;
  readonly hash: string;
}

const FORMAT = 1;

/** Models that may run, in the order in which they were promoted. */
export function promotedModels({ trials, promoted }: LedgerState): readonly Promoted[] {
  return [...promoted.values()]
    .map(({ promotion }) => promotion)
    .sort((a, b) => a.number - b.number)
    .map(({ key, bundle, evaluation, number, signOff, marks }) => ({
      name: trials.get(key)!.model,
      version: versionOf(key),
      bundle,
      evaluation,
      since: number,
      signOff,
      // A view from before marks were recorded is still what the ledger says.
      ...(marks.length === 0 ? {} : { marks }),
    }));
}

/** The file's text after some entries: what may run, the ledger's length and head, and a hash of all that. */
export function promotedText(state: LedgerState, last: Link): string {
  const view = {
    format: FORMAT,
    entries: last.number,
    head: last.hash,
    promoted: promotedModels(state),
  };
  return `${canonicalJson({ ...view, hash: contentHash(view) })}\n`;
}

/**
 * Compares the file with the ledger. A process killed after it added an entry leaves the file as it was before: that is
 * no fault, since the ledger alone decides. A file that is ahead of the ledger is one: entries were cut from its end.
 *
 * @param text - of the file; undefined where there is none
 * @param entries - of the ledger, and how many of them were written with this file beside them
 * @param textAfter - the text that belongs to the ledger after that many entries
 * @throws {DataError} names the file that was changed, and how to mend it
 */
export function requirePromoted(
  text: string | undefined,
  ledgerFile: string,
  { entries, viewed }: { readonly entries: number; readonly viewed: number },
  textAfter: (entries: number) => string,
): void {
  const file = promotedFile(ledgerFile);
  if (text === undefined) {
    // The first entry and this file are two steps.
    if (viewed <= 1) return;
    throw changed(file, "is not there, though the ledger was written with it");
  }
  const view = wholeView(text);
  if (view === undefined) throw changed(file, "was changed after it was written");
  if (view.entries > entries) throw cut(ledgerFile, entries, view.entries);
  if (view.entries < 1 || text !== textAfter(view.entries)) {
    throw changed(file, "does not say what the ledger says");
  }
}

/**
 * Asks whether the file may be written anew from the ledger: not when it shows that the ledger was cut.
 *
 * @throws {DataError} the file is whole and ahead of the ledger
 */
export function requireNotCut(text: string | undefined, ledgerFile: string, entries: number): void {
  const ahead = entriesAhead(text, entries);
  if (ahead !== undefined) throw cut(ledgerFile, entries, ahead);
}

/** How many entries a whole file was written after, when the ledger has fewer. */
export function entriesAhead(text: string | undefined, entries: number): number | undefined {
  const view = text === undefined ? undefined : wholeView(text);
  return view !== undefined && view.entries > entries ? view.entries : undefined;
}

/** Where the view of a ledger is. */
export function promotedFile(ledgerFile: string): string {
  return path.join(path.dirname(ledgerFile), "promoted.json");
}

/** What the file says of itself, when its own hash holds. */
function wholeView(text: string): View | undefined {
  try {
    const { hash, ...view } = JSON.parse(text) as View & Record<string, unknown>;
    return hash === contentHash(view) && Number.isInteger(view.entries)
      ? { hash, entries: view.entries }
      : undefined;
  } catch {
    return undefined;
  }
}

function changed(file: string, message: string): DataError {
  return new DataError({
    file,
    message,
    fix: "write it anew from the ledger with `npx tickbook models --mend`",
  });
}

function cut(file: string, entries: number, expected: number): DataError {
  return new DataError({
    file,
    row: entries + 1,
    message: `is not there, though promoted.json was written after ${expected} entries: the ledger was cut`,
    fix: "bring the file back from a copy; without it the number of trials is not known",
  });
}
