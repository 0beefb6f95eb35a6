// The one file that decides what was tried and what may run: read whole and checked, only ever added to.
import { mkdir, readFile, truncate } from "node:fs/promises";
import path from "node:path";
import { canonicalJson } from "../core/content-hash.js";
import { writeFlushed } from "../store/write-flushed.js";
import { writeAtomically } from "./bundles.js";
import { chained, changedEntry, type Link, NO_ENTRY, readChain, wholeLength } from "./chain.js";
import { pendingDemotion } from "./demotion-note.js";
import { type DemotionEntry, type Entry, entryOf, type MendEntry } from "./entries.js";
import { exclusively } from "./exclusively.js";
import { requireHead } from "./expected-head.js";
import { type LedgerState, ledgerState } from "./ledger-state.js";
import {
  entriesAhead,
  promotedFile,
  promotedText,
  requireNotCut,
  requirePromoted,
} from "./promoted-file.js";
import { type Lying, lyingIn, requireNoStrays, unnamedAmong } from "./strays.js";
import { isLeft, markRecorded } from "./unrecorded.js";
import { requireFolder, wrongThing } from "./wrong-thing.js";

/** The whole ledger, checked. */
export interface Ledger {
  readonly file: string;
  readonly entries: readonly Entry[];
  readonly state: LedgerState;
  /** Hash of the last entry, on which all others hang; 64 zeros for an empty ledger. */
  readonly head: string;
  /** What lies there and is being recorded, or was left by a process that was killed before it was. */
  readonly unrecorded: readonly Lying[];
}

/** An entry before it has its place in the chain. */
export type Content<Kind extends Entry> = Omit<Kind, keyof Link>;

/** What to do about models and evaluations that no entry names. */
type Strays = "refuse" | "keep";

interface LedgerText {
  readonly file: string;
  readonly text: string;
  readonly promoted: string | undefined;
  readonly lying: readonly Lying[];
}

/**
 * The ledger with its chain, its entries and `promoted.json` checked, and whether it names all that lies beside it. A last
 * line that was cut off by a kill was never recorded and is left out, but a demotion that is noted beside its model counts as
 * the last entry. Models and evaluations are marked until their entry is there: one without a mark that no entry names shows
 * that entries were cut.
 *
 * @param root - of the store
 * @throws {DataError} an entry or `promoted.json` was changed, or entries were cut off; names the file and its line
 */
export async function readLedger(root: string): Promise<Ledger> {
  try {
    return parse(await readTexts(root));
  } catch {
    // Another process may have made promoted.json between the two readings; what is wrong stays wrong.
    return parse(await readTexts(root));
  }
}

/**
 * The same where the ledger does not name all that lies there; `strays` is what no entry names and no process that runs is
 * recording.
 */
export async function readLedgerAsItLies(
  root: string,
): Promise<Ledger & { readonly strays: readonly Lying[] }> {
  const texts = await readTexts(root);
  const ledger = parse(texts, "keep");
  const strays: Lying[] = [];
  for (const one of unnamedAmong(texts.lying, ledger.entries)) {
    if (!one.isMarked || (await isLeft(one.file))) strays.push(one);
  }
  return { ...ledger, strays };
}

/**
 * Adds an entry to the ledger while no other process does, and writes `promoted.json` anew.
 *
 * @param root - of the store
 * @param next - decides what to add from what is there; an entry that is there already is added no second time
 * @param options.strays - `keep` only to mend them
 * @param options.before - what is written before the entry is
 * @returns the entry, new or old
 * @throws {DataError} the ledger does not hold what was written
 */
export async function addEntry<Kind extends Entry>(
  root: string,
  next: (ledger: Ledger) => Promise<Content<Kind> | Kind>,
  {
    strays = "refuse",
    before = async () => {},
  }: { readonly strays?: Strays; readonly before?: (entry: Kind) => Promise<void> } = {},
): Promise<Kind> {
  return await locked(root, async (texts) => {
    const ledger = parse(texts, strays);
    const content = await next(ledger);
    if ("hash" in content) return content as Kind;
    const entry = chained(content, ledger.entries.at(-1)) as unknown as Kind;
    const state = ledgerState([...ledger.entries, entry], refusal(texts.file));
    await before(entry);
    await write(texts, entry, state);
    await removeStaleMarks(texts, ledger);
    return entry;
  });
}

/** What mending found of `promoted.json`. */
export type FoundView = "whole" | "rewritten" | "was gone";

/**
 * Writes `promoted.json` anew from the ledger. Where it was gone, an entry records that: who cuts a ledger can take away
 * what would show it.
 *
 * @param options.expectedHead - hash that the ledger must hold
 * @returns undefined when there is no entry yet to say
 * @throws {DataError} the ledger itself was changed, or it was cut
 */
export async function mendPromoted(
  root: string,
  { expectedHead }: { readonly expectedHead?: string } = {},
): Promise<FoundView | undefined> {
  return await locked(root, async (texts, found) => {
    const { entries, state } = chainOf(texts);
    if (expectedHead !== undefined) requireHead({ entries, file: texts.file }, expectedHead);
    requireNotCut(texts.promoted, texts.file, entries.length);
    const last = entries.at(-1);
    if (last === undefined) return undefined;
    if (found.promoted === undefined) {
      const mend: Content<MendEntry> = { kind: "mend", setAside: [] };
      await write(texts, chained(mend, last), state);
      return "was gone";
    }
    const text = promotedText(state, last);
    await writePromoted(texts.file, text);
    return text === texts.promoted ? "whole" : "rewritten";
  });
}

/** Does some work under the lock, on the texts with what was pending added and on those that were found. */
async function locked<Result>(
  root: string,
  work: (texts: LedgerText, found: LedgerText) => Promise<Result>,
): Promise<Result> {
  const file = ledgerFile(root);
  await requireFolder(path.dirname(file));
  await mkdir(path.dirname(file), { recursive: true });
  return await exclusively(`${file}.lock`, async () => {
    const texts = await readTexts(root);
    const { pending, state } = chainOf(texts);
    if (pending === undefined) return await work(texts, texts);
    await write(texts, pending, state);
    return await work(await readTexts(root), texts);
  });
}

/** Adds an entry's line, after taking away what a kill left of another, and then writes the view. */
async function write({ file, text }: LedgerText, entry: Entry, state: LedgerState): Promise<void> {
  const whole = wholeLength(text);
  if (whole < text.length) await truncate(file, Buffer.byteLength(text.slice(0, whole)));
  await writeFlushed(file, `${canonicalJson(entry)}\n`, { flag: "a" });
  await writePromoted(file, promotedText(state, entry));
}

/** A process that was killed after its entry leaves a mark, which would excuse a later cut. */
async function removeStaleMarks({ lying }: LedgerText, { unrecorded }: Ledger): Promise<void> {
  const isStale = (one: Lying): boolean => one.isMarked && !unrecorded.includes(one);
  for (const { file } of lying.filter(isStale)) await markRecorded(file);
}

function parse(texts: LedgerText, strays: Strays = "refuse"): Ledger {
  const { entries, state, viewed, written } = chainOf(texts);
  const { file, promoted, lying } = texts;
  const unnamed = unnamedAmong(lying, entries);
  if (strays === "refuse") requireNoStrays(unnamed);
  requirePromoted(promoted, file, { entries: written, viewed }, (count) =>
    promotedText(ledgerState(entries.slice(0, count), refusal(file)), entries[count - 1]!),
  );
  const unrecorded = unnamed.filter(({ isMarked }) => isMarked);
  return { file, entries, state, head: entries.at(-1)?.hash ?? NO_ENTRY, unrecorded };
}

function chainOf({ file, text, promoted, lying }: LedgerText): {
  readonly entries: readonly Entry[];
  readonly state: LedgerState;
  /** How many entries the file holds: all but the one that is pending. */
  readonly written: number;
  readonly pending: DemotionEntry | undefined;
  /** Entries that were written with `promoted.json` beside them, as all are that say of what kind they are. */
  readonly viewed: number;
} {
  const lines = readChain(text.slice(0, wholeLength(text)), file);
  const entries = lines.map((line) => {
    const entry = entryOf(line);
    if (entry === undefined) throw changedEntry(file, line.number, "is no entry");
    return entry;
  });
  const viewed = lines.filter((line) => "kind" in line).length;
  const state = ledgerState(entries, refusal(file));
  const written = entries.length;
  const next = { number: written + 1, previous: entries.at(-1)?.hash ?? NO_ENTRY };
  // A view that is ahead shows that more was cut than a note tells.
  const isCut = entriesAhead(promoted, written) !== undefined;
  const pending = isCut ? undefined : pendingDemotion(lying, state, next);
  if (pending === undefined) return { entries, state, written, pending, viewed };
  const all = [...entries, pending];
  return { entries: all, state: ledgerState(all, refusal(file)), written, pending, viewed };
}

function refusal(file: string): (entry: Link, why: string) => Error {
  return ({ number }, why) => changedEntry(file, number, why);
}

/**
 * What lies there is looked at first, then the view: entries that another process adds meanwhile then come after both, as
 * they may.
 */
async function readTexts(root: string): Promise<LedgerText> {
  const file = ledgerFile(root);
  const registry = path.dirname(file);
  for (const folder of [registry, path.join(registry, "models")]) await requireFolder(folder);
  const lying = await lyingIn(registry);
  const promoted = await readText(promotedFile(file));
  return { file, lying, promoted, text: (await readText(file)) ?? "" };
}

async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw wrongThing(file, error);
  }
}

async function writePromoted(ledger: string, text: string): Promise<void> {
  await writeAtomically(promotedFile(ledger), Buffer.from(text));
}

/** Where a store's ledger lies. */
export function ledgerFile(root: string): string {
  return path.join(root, "registry", "trials.jsonl");
}
