// One run from its name to its end: model, journal, monitor, feed and loop put together, and taken apart again.
import { randomUUID } from "node:crypto";
import path from "node:path";
import { DataError } from "../core/errors.js";
import { catalogueHash } from "../features/catalogue.js";
import { loadPromoted } from "../registry/load-promoted.js";
import { parseModelName } from "../registry/named-trial.js";
import { isSimulated } from "../registry/trial-facts.js";
import type { FeedSource } from "./feed/feed.js";
import { conflictText } from "./journal/conflicts.js";
import { Journal, type JournalOptions } from "./journal/journal.js";
import { JournalOfRun } from "./journal/journal-of-run.js";
import { recordOf } from "./journal/record-text.js";
import type { JournalState } from "./journal/state.js";
import { beginRun, sessionRecord, settingsHash } from "./loop/begin-run.js";
import { Control, readHalt } from "./loop/control.js";
import { leftBehind } from "./loop/left-behind.js";
import { type MarketStart, type OpenRun, openRun, type RunParts } from "./loop/open-run.js";
import { Pacer } from "./loop/pacer.js";
import { NO_PRIOR } from "./loop/prior.js";
import { lastDecidedUs, reconcile } from "./loop/reconcile.js";
import { requireHeld } from "./loop/require-held.js";
import { requireLater } from "./loop/require-later.js";
import type { RunJournal } from "./loop/run-journal.js";
import type { RunSettings } from "./loop/run-settings.js";
import { StateKeeper } from "./loop/state-keeper.js";
import { warmUpCode } from "./loop/warm-up-code.js";
import { showRun, whileShown } from "./loop/watch-run.js";
import { MonitorBoard } from "./monitor/monitor-board.js";
import { type Monitor, type MonitorOptions, startMonitor } from "./monitor/start-monitor.js";
import type { LiveModel } from "./signal/live-model.js";

/** What a run is driven with. */
export interface LiveRequest {
  /** Root of the store. */
  readonly root: string;
  readonly settings: RunSettings;
  readonly model: LiveModel;
  readonly feed: "replay" | "stream";
  readonly source: FeedSource;
  readonly starts: readonly MarketStart[];
  /** When the account begins; where the feed can rewind, its first time. */
  readonly beginUs: number;
  /** End of the feed's time, where it has one. */
  readonly untilUs?: number;
  /** Market seconds a second; Infinity for as fast as it goes. */
  readonly speed: number;
  readonly databaseUrl: string | undefined;
  readonly monitor: Omit<MonitorOptions, "folder">;
  /** Ends the run after the bar that is worked on. */
  readonly signal: AbortSignal;
  readonly limits?: JournalOptions["limits"];
  /** Stands before the paper broker. */
  readonly brokerFor?: RunParts["brokerFor"];
  /** Stands before the journal as the loop writes to it. */
  readonly journalFor?: (journal: RunJournal) => RunJournal;
  readonly onMonitor?: (monitor: Monitor) => void;
  readonly onBar?: (barEndUs: number) => void;
}

/** What came of a run. */
export interface LiveOutcome {
  readonly run: string;
  /** False where it was stopped before the feed's end. */
  readonly isEnded: boolean;
  readonly events: number;
  readonly bars: number;
  readonly signals: number;
  readonly orders: number;
  readonly equityUsd: number;
  readonly balanceUsd: number;
  /** Of the account: `active`, `passed` or `failed`. */
  readonly status: string;
  readonly phase: string;
  /** Rules that were broken. */
  readonly breaches: readonly string[];
  /** Records that the journal's database does not have yet. */
  readonly waiting: number;
}

/**
 * Drives a run to the end of its feed, or until it is stopped. A run of the same name goes on from where it was left.
 *
 * @throws {OptionError} a run of that name was begun with other settings
 * @throws {DataError} another process drives it, what it reads is damaged, or a decision can be written nowhere
 */
export async function liveRun(request: LiveRequest): Promise<LiveOutcome> {
  const { root, settings, model, feed, databaseUrl, limits, signal } = request;
  const folder = path.join(root, "runtime", settings.run);
  const board = new MonitorBoard(
    {
      run: settings.run,
      mode: settings.mode,
      feed,
      exchange: settings.exchange,
      symbols: settings.symbols,
      models: [model.name],
      isSimulated: isSimulated({ exchange: settings.exchange }) === true,
      isUnpromoted: model.promotedEntry === null,
    },
    { initialUsd: settings.risk.rules.initialUsd, staleAfterMs: 60_000 },
  );
  const monitor = await startMonitor(board, { ...request.monitor, folder });
  let reason = "the run failed";
  try {
    request.onMonitor?.(monitor);
    const journal = await Journal.open({
      ...{ run: settings.run, data: root, databaseUrl, keeps: true },
      ...(limits === undefined ? {} : { limits }),
      onState: (state) => tellJournal(state, monitor),
      onConflict: (conflict) =>
        monitor.log.error("journal-conflict", { what: conflictText(conflict) }),
    });
    let outcome: Omit<LiveOutcome, "waiting">;
    let waiting = 0;
    try {
      outcome = await driven(request, { journal, board, monitor });
      reason = signal.aborted ? "stopped" : "the feed has ended";
    } finally {
      waiting = (await journal.close()).remaining;
      if (waiting > 0) monitor.log.warn("journal-behind", { remaining: waiting });
    }
    return { ...outcome, waiting };
  } finally {
    board.phase("ended");
    await monitor.close(reason);
    await request.source.close?.();
  }
}

interface Tools {
  readonly journal: Journal;
  readonly board: MonitorBoard;
  readonly monitor: Monitor;
}

async function driven(
  request: LiveRequest,
  { journal, board, monitor }: Tools,
): Promise<Omit<LiveOutcome, "waiting">> {
  const { root, settings, model, signal } = request;
  const { run: name } = settings;
  const own = new JournalOfRun(journal);
  const written = request.journalFor?.(own) ?? own;
  const session = randomUUID();
  const { saved, held, settings: left } = await leftBehind(request);
  // What it holds was written down after each order and fill; the journal knows what came after that.
  const later = request.source.canRewind ? [] : journal.after(held?.mark);
  const outbox = held?.outbox.map(recordOf) ?? [];
  const { canRewind } = request.source;
  const lastUs = saved?.barEndUs ?? Number.NEGATIVE_INFINITY;
  const decidedUs = canRewind
    ? lastUs
    : lastDecidedUs([...outbox, ...later], held?.desk.decidedUs ?? null);
  const before = (): Promise<void> => requireLater(request, journal, decidedUs);
  await beginRun(request, journal, own, { session, left, before });
  const prior = canRewind ? await own.readPrior(name, lastUs) : NO_PRIOR;
  const keeping = { root, run: name, settings: settingsHash(request), canRewind, journal: own };
  const onUnwritten = (reason: string): void => monitor.log.error("state-unwritten", { reason });
  const keeper = new StateKeeper({ ...keeping, onUnwritten });
  let lastBarUs = saved?.barEndUs ?? Number.NaN;
  const control = new Control(root, () => requireStanding(root, model));
  if (!canRewind) {
    // The bars of a replay do not come by the clock: nothing is late there.
    const done = await warmUpCode({ settings, model, starts: request.starts, control }, { signal });
    monitor.log.info("warmed-up", { ...done });
  }
  const run: OpenRun = await openRun({
    ...{ settings, model, source: request.source, starts: request.starts },
    ...{ journal: written, watcher: board, prior, beginUs: request.beginUs, decidedUs },
    ...{ settingsHash: keeping.settings, saved, held: held?.desk },
    ...(request.brokerFor === undefined ? {} : { brokerFor: request.brokerFor }),
    control,
    pacer: new Pacer(request.speed, signal),
    onBar: async (barEndUs, state) => {
      lastBarUs = barEndUs;
      await keeper.bar(barEndUs, state, run.held);
      request.onBar?.(barEndUs);
    },
    onOrders: (held) => keeper.orders(held),
    onNews: (held, records) => keeper.news(held, records),
  });
  if (!canRewind) {
    const { atUs } = run.desk.account;
    const done = await reconcile(run, written, later, { name, outbox, atUs });
    if (later.length > 0) monitor.log.info("reconciled", { ...done });
    await requireHeld(run, journal, { name, isKnown: held !== undefined || later.length > 0 });
  }
  const stopRun = (): void => run.stop();
  signal.addEventListener("abort", stopRun);
  if (signal.aborted) stopRun();
  board.phase("running");
  monitor.log.info(saved === undefined ? "run-begins" : "run-goes-on", { model: model.name });
  const until = request.untilUs === undefined ? {} : { untilUs: request.untilUs };
  const isDone =
    saved !== undefined && request.untilUs !== undefined && saved.barEndUs >= request.untilUs;
  const show = (): void =>
    showRun(board, run, settings, {
      ...{ journal: own, halted: readHaltText(root) },
      connection: request.source.connection?.(),
    });
  const isEnded = await whileShown(show, async () => isDone || (await run.run(until)));
  signal.removeEventListener("abort", stopRun);
  const stop = sessionRecord(name, session, "stop", isEnded ? "end of feed" : "stopped");
  await own.write([stop], "local");
  await keeper.end();
  show();
  monitor.log.info(isEnded ? "run-ends" : "run-stops", { lastBarUs });
  const { balanceUsd, equityUsd } = run.desk.value();
  const { status, phase, failure } = run.desk.account;
  return {
    run: name,
    isEnded,
    ...run.counts,
    equityUsd,
    balanceUsd,
    status,
    phase,
    breaches: failure === null ? [] : [failure.rule],
  };
}

/** Only a promoted model goes on ordering; one that rehearses never orders. */
async function requireStanding(root: string, model: LiveModel): Promise<void> {
  if (model.promotedEntry === null) return;
  const { name, version } = parseModelName(model.name);
  const own = { catalogueHash: catalogueHash() };
  const { promotion } = await loadPromoted(root, name, version, own);
  if (promotion.bundle === model.bundleSha256) return;
  throw new DataError({
    file: model.name,
    message: "is another bundle now than the one that runs",
  });
}

function tellJournal(state: JournalState, { log }: Monitor): void {
  if (state.name === "up") log.info("journal-up");
  else log.error("journal-down", { reason: state.reason });
}

function readHaltText(root: string): string {
  try {
    return readHalt(root)?.reason ?? "";
  } catch {
    return "an order to stop that cannot be read";
  }
}
