// Is a run good enough to be followed by a challenge, and what would that be worth?
import { type Gate, type GateVerdict, gatesVerdict } from "../../core/gate.js";
import { dayStartUs } from "../../core/time.js";
import { isSimulated } from "../../registry/trial-facts.js";
import { allRecords, type JournalSource } from "../journal/read-run.js";
import { journalHoles } from "../journal/whole-run.js";
import type { SessionRecord } from "../records.js";
import type { LiveModel } from "../signal/live-model.js";
import { accountFacts } from "./account-facts.js";
import { longestRun } from "./done-time.js";
import type { KnownRun } from "./known-run.js";
import { firstUnseenDay } from "./model-days.js";
import { oddsOfRun, type RunOdds } from "./odds-of-run.js";
import type { Parity } from "./parity.js";
import { runGates } from "./run-gates.js";
import { type TradeFigures, tradeFigures } from "./trade-figures.js";

/** How a run came out. */
export interface Acceptance {
  readonly run: string;
  readonly mode: "dry-run" | "paper";
  readonly feed: "replay" | "stream";
  readonly model: string;
  readonly isSimulated: boolean;
  /** True for a model that only rehearses. */
  readonly isUnpromoted: boolean;
  /** First day whose trades count; null where the model's bundle does not say. */
  readonly unseenFrom: string | null;
  readonly figures: TradeFigures;
  readonly gates: readonly Gate[];
  /** `pass` is challenge-ready. */
  readonly verdict: GateVerdict;
  /** Null where the run has not both won and lost. */
  readonly odds: RunOdds | null;
}

/** What a run is judged by. */
export interface AcceptanceRequest {
  /** Root of the store. */
  readonly root: string;
  readonly run: KnownRun;
  readonly model: LiveModel;
  /** Of all days of the run. */
  readonly parity: Parity;
  readonly seed: number;
  /** Accounts that are drawn for the odds of a challenge, at each of five win rates. */
  readonly accounts?: number;
}

/**
 * Judges a run by its journal.
 *
 * @throws {DataError} the registry or the write-ahead file was changed, or the journal's database is down
 */
export async function judgeRun(
  journal: JournalSource,
  { root, run, model, parity, seed, accounts = 400 }: AcceptanceRequest,
): Promise<Acceptance> {
  const { run: name, mode, exchange } = run.record;
  const { barUs, horizonBars, bundleSha256 } = model;
  const unseenFrom = await firstUnseenDay(root, model.name);
  const fromUs = unseenFrom === undefined ? Number.POSITIVE_INFINITY : dayStartUs(unseenFrom);
  const trades = await allRecords(journal, name, "trade");
  const figures = tradeFigures(trades, { fromUs, barUs, horizonBars, seed });
  const isUnpromoted = run.model.promotedEntry === null;
  const asked = { judged: run.record, bundleSha256, barUs, isRehearsal: isUnpromoted };
  const gates = runGates({
    ...{ mode, figures, unseenFrom, parity },
    ...(await accountFacts(journal, name)),
    holes: await journalHoles(journal, name, { root }),
    isOpen: isOpen(run.sessions),
    dry: await longestRun(journal, { mode: "dry-run", ...asked }),
    paper: await longestRun(journal, { mode: "paper", ...asked }),
  });
  const beginUs = Math.max(0, ...run.spans.map(({ lastUs }) => lastUs));
  return {
    ...{ run: name, mode, feed: run.settings.feed, model: model.name },
    isSimulated: isSimulated({ exchange }) === true,
    isUnpromoted,
    unseenFrom: unseenFrom ?? null,
    ...{ figures, gates, verdict: gatesVerdict(gates) },
    odds: oddsOfRun(figures, run.settings.rules, { seed, beginUs, runs: accounts }) ?? null,
  };
}

/** Whether the last process that drove it has not ended in order. */
function isOpen(sessions: readonly SessionRecord[]): boolean {
  const last = sessions.filter(({ event }) => event === "start").at(-1);
  return (
    last !== undefined && !sessions.some(({ id, event }) => id === last.id && event === "stop")
  );
}
