// Where does the ledger stand after this command? Whoever writes its head down notices when entries are cut or written anew.
import { counted } from "../core/counted.js";
import { requireHead } from "../registry/expected-head.js";
import { type Ledger, readLedger } from "../registry/ledger.js";
import type { CommandContext, CommandResult } from "./command.js";

/** What `--expect-head` asks for, for the options of a command. */
export const EXPECT_HEAD: readonly [string, string] = [
  "--expect-head <hash>",
  "refuse a ledger that does not hold this head, as any command printed it",
];

/**
 * Refuses a ledger that does not hold the head that was written down, before a command works on it.
 *
 * @param root - of the store
 * @throws {OptionError} it is no such hash
 * @throws {DataError} no entry has it, or the ledger was changed
 */
export async function requireExpectedHead(root: string, head: string | undefined): Promise<void> {
  if (head !== undefined) requireHead(await readLedger(root), head);
}

/** The head's first 12 digits, which are enough to expect it, and how many entries hang on it. */
export function ledgerHeadLine({ head, entries }: Pick<Ledger, "head" | "entries">): string {
  const count = counted(entries.length, "entry", "entries");
  return entries.length === 0 ? "ledger empty" : `ledger head ${head.slice(0, 12)} after ${count}`;
}

/** The same for JSON, the head whole. */
export function headJson({ head, entries }: Pick<Ledger, "head" | "entries">): {
  readonly head: string;
  readonly entries: number;
} {
  return { head, entries: entries.length };
}

/** What is said of a head that was expected and is there. */
export function expectedLine(entry: number): string {
  return `the expected head is entry ${entry}: all up to it is as it was then`;
}

/**
 * Ends what a command that added to the ledger says with the ledger's head, and puts it into its JSON.
 *
 * @throws {DataError} the ledger was changed
 */
export async function withHead(
  result: CommandResult,
  { dataDir, say }: Pick<CommandContext, "dataDir" | "say">,
): Promise<CommandResult> {
  const ledger = await readLedger(dataDir);
  say(ledgerHeadLine(ledger));
  if (!("json" in result)) return result;
  return { ...result, json: { ...(result.json as object), ...headJson(ledger) } };
}
