// The one file that decides what was tried and what may run: read whole and checked, only ever added to.
import { mkdir, open, readFile, truncate } from "node:fs/promises";
import path from "node:path";
import { canonicalJson } from "../core/content-hash.js";
import { writeAtomically } from "./bundles.js";
import { chained, changedEntry, type Link, NO_ENTRY, readChain, wholeLength } from "./chain.js";
import { type Entry, entryOf } from "./entries.js";
import { exclusively } from "./exclusively.js";
import { type LedgerState, ledgerState } from "./ledger-state.js";
import { promotedFile, promotedText, requireNotCut, requirePromoted } from "./promoted-file.js";

/** The whole ledger, checked. */
export interface Ledger {
  readonly file: string;
  readonly entries: readonly Entry[];
  readonly state: LedgerState;
  /** Hash of the last entry, on which all others hang; 64 zeros for an empty ledger. */
  readonly head: string;
}

/** An entry before it has its place in the chain. */
export type Content<Kind extends Entry> = Omit<Kind, keyof Link>;

interface LedgerText {
  readonly file: string;
  readonly text: string;
  readonly promoted: string | undefined;
}

/**
 * The ledger with its chain, its entries and `promoted.json` checked. A last line that was cut off by a kill was never
 * recorded and is left out.
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
 * Adds an entry to the ledger while no other process does, and writes `promoted.json` anew.
 *
 * @param root - of the store
 * @param next - decides what to add from what is there; an entry that is there already is added no second time
 * @returns the entry, new or old
 * @throws {DataError} the ledger does not hold what was written
 */
export async function addEntry<Kind extends Entry>(
  root: string,
  next: (ledger: Ledger) => Promise<Content<Kind> | Kind>,
): Promise<Kind> {
  return await locked(root, async (texts) => {
    const ledger = parse(texts);
    const content = await next(ledger);
    if ("hash" in content) return content as Kind;
    const entry = chained(content, ledger.entries.at(-1)) as unknown as Kind;
    const state = ledgerState([...ledger.entries, entry], refusal(texts.file));
    const whole = wholeLength(texts.text);
    if (whole < texts.text.length) {
      await truncate(texts.file, Buffer.byteLength(texts.text.slice(0, whole)));
    }
    await append(texts.file, `${canonicalJson(entry)}\n`);
    await writePromoted(texts.file, promotedText(state, entry));
    return entry;
  });
}

/**
 * Writes `promoted.json` anew from the ledger.
 *
 * @returns true when it did not say what the ledger says
 * @throws {DataError} the ledger itself was changed, or it was cut
 */
export async function mendPromoted(root: string): Promise<boolean> {
  return await locked(root, async (texts) => {
    const { entries, state } = chainOf(texts);
    requireNotCut(texts.promoted, texts.file, entries.length);
    const last = entries.at(-1);
    if (last === undefined) return false;
    const text = promotedText(state, last);
    await writePromoted(texts.file, text);
    return text !== texts.promoted;
  });
}

async function locked<Result>(
  root: string,
  work: (texts: LedgerText) => Promise<Result>,
): Promise<Result> {
  const file = ledgerFile(root);
  await mkdir(path.dirname(file), { recursive: true });
  return await exclusively(`${file}.lock`, async () => await work(await readTexts(root)));
}

function parse(texts: LedgerText): Ledger {
  const { entries, state, viewed } = chainOf(texts);
  const { file, promoted } = texts;
  requirePromoted(promoted, file, { entries: entries.length, viewed }, (count) =>
    promotedText(ledgerState(entries.slice(0, count), refusal(file)), entries[count - 1]!),
  );
  return { file, entries, state, head: entries.at(-1)?.hash ?? NO_ENTRY };
}

function chainOf({ file, text }: LedgerText): {
  readonly entries: readonly Entry[];
  readonly state: LedgerState;
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
  return { entries, state: ledgerState(entries, refusal(file)), viewed };
}

function refusal(file: string): (entry: Link, why: string) => Error {
  return ({ number }, why) => changedEntry(file, number, why);
}

/** The view is read first: entries that another process adds meanwhile then come after it, as they may. */
async function readTexts(root: string): Promise<LedgerText> {
  const file = ledgerFile(root);
  const promoted = await readText(promotedFile(file));
  return { file, promoted, text: (await readText(file)) ?? "" };
}

async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

async function append(file: string, line: string): Promise<void> {
  const handle = await open(file, "a");
  try {
    await handle.writeFile(line);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function writePromoted(ledger: string, text: string): Promise<void> {
  await writeAtomically(promotedFile(ledger), Buffer.from(text));
}

function ledgerFile(root: string): string {
  return path.join(root, "registry", "trials.jsonl");
}
