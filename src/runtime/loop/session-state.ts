// What does a run go on from? Everything that its next decision depends on, between two bars, in one file.
import { mkdir, readFile } from "node:fs/promises";
import path from "node:path";
import { DataError } from "../../core/errors.js";
import { jsonOf } from "../../core/json-of.js";
import { writeAtomically } from "../../registry/bundles.js";
import type { PortfolioState } from "../../trading/portfolio.js";
import type { PaperState } from "../broker/paper-broker.js";
import type { JournalMark } from "../journal/journal.js";
import type { PlainRecord } from "../journal/record-text.js";
import type { LimitsState } from "../risk/order-limits.js";
import type { RiskState } from "../risk/risk-desk.js";
import type { SymbolMarketState } from "./symbol-market.js";

const FORMAT = 3;

/** What a run holds and may do. */
export interface DeskState {
  readonly portfolio: PortfolioState;
  readonly broker: PaperState;
  readonly risk: RiskState;
  readonly limits: LimitsState;
  /** End of the last bar whose decisions were written down; null before the first. */
  readonly decidedUs: number | null;
}

/** A run between two arrival times. */
export interface SessionState {
  readonly format: typeof FORMAT;
  /** Hash of what the run was begun with. */
  readonly settings: string;
  /** End of the last bar that was decided on. */
  readonly barEndUs: number;
  /** Events that arrived before this are in it, those that arrive from here on are not. */
  readonly nextUs: number;
  /** The order to stop that was found last; "" for none. */
  readonly halted: string;
  readonly markets: readonly SymbolMarketState[];
  readonly desk: DeskState;
}

/** What a run holds between two bars: of a feed that cannot be rewound, where what happens is not found again. */
export interface HeldState {
  readonly format: typeof FORMAT;
  /** Hash of what the run was begun with. */
  readonly settings: string;
  /** How far the journal was written then: what comes after is not held yet, but for what is about to be written. */
  readonly mark: JournalMark;
  /** Records that were about to be written, and whose effects are held. */
  readonly outbox: readonly PlainRecord[];
  readonly desk: DeskState;
}

/** A state of this format. */
export function sessionState(parts: Omit<SessionState, "format">): SessionState {
  return { format: FORMAT, ...parts };
}

/** What is held, of this format. */
export function heldState(parts: Omit<HeldState, "format">): HeldState {
  return { format: FORMAT, ...parts };
}

/** Where a run's state lies. */
export function stateFile(root: string, run: string): string {
  return path.join(root, "runtime", run, "state.json");
}

/** Where what a run holds lies, as of its last order or fill. */
export function heldFile(root: string, run: string): string {
  return path.join(root, "runtime", run, "held.json");
}

/**
 * Writes a state beside the last one, flushed, then in its place. Where the disk does not take it, the last one stays: a start
 * from that goes on from the journal, so a run that holds positions need not end.
 *
 * @returns why it was not written; "" where it was
 */
export async function writeState(file: string, state: SessionState | HeldState): Promise<string> {
  const bytes = Buffer.from(JSON.stringify(state));
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await writeAtomically(file, bytes);
    return "";
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return (error as Error).message;
  }
}

/**
 * The state that a run goes on from.
 *
 * @returns undefined where there is none
 * @throws {DataError} it cannot be read, or is of another version
 */
export async function readState<State extends SessionState | HeldState = SessionState>(
  file: string,
): Promise<State | undefined> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const state = parsed(text);
  if (state?.format === FORMAT) return state as State;
  throw new DataError({
    file,
    message:
      state === undefined
        ? "is no state of a run"
        : `had format ${state.format}, expected ${FORMAT}`,
    fix: "begin a run of another name, or go on with the version that wrote it",
  });
}

function parsed(text: string): { readonly format?: unknown } | undefined {
  const json = jsonOf(text);
  return typeof json === "object" && json !== null ? json : undefined;
}
