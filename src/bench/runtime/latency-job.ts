// A paper run from an exchange's socket into a journal, which writes down when what happened.
import { contentHash } from "../../core/content-hash.js";
import { WorkbenchError } from "../../core/errors.js";
import { dayStartUs } from "../../core/time.js";
import type { LiveStream } from "../../runtime/feed/open-stream.js";
import { Journal } from "../../runtime/journal/journal.js";
import { JournalOfRun } from "../../runtime/journal/journal-of-run.js";
import { Control } from "../../runtime/loop/control.js";
import { type OpenRun, openRun } from "../../runtime/loop/open-run.js";
import { Pacer } from "../../runtime/loop/pacer.js";
import { NO_PRIOR } from "../../runtime/loop/prior.js";
import type { RunJournal, WrittenRecords } from "../../runtime/loop/run-journal.js";
import type { RunWatcher } from "../../runtime/loop/run-watcher.js";
import { StateKeeper } from "../../runtime/loop/state-keeper.js";
import { warmUpCode } from "../../runtime/loop/warm-up-code.js";
import { MonitorBoard } from "../../runtime/monitor/monitor-board.js";
import type { JournalRecord } from "../../runtime/records.js";
import type { LiveModel } from "../../runtime/signal/live-model.js";
import { openStore } from "../../store/store.js";
import { writeDoubles } from "../logistic/doubles-file.js";
import { socketFeed, startsOf } from "./drive-run.js";
import type { LiveStore } from "./live-store.js";
import { machineMs } from "./machine-clock.js";
import { readModel } from "./model-files.js";
import { benchSettings } from "./run-settings.js";

/** What to run; plain data, so that it can be sent to a process. */
export interface LatencyJob {
  readonly live: LiveStore;
  /** Folder of the model. */
  readonly model: string;
  readonly run: string;
  readonly url: string;
  readonly bars: number;
  readonly databaseUrl?: string;
  /** Where times go: of each event arrival time and ms of the machine when its market took it up, in turn. */
  readonly eventsFile: string;
}

/** Times of a bar's decisions, ms of the machine's clock. */
export interface DecidedBar {
  readonly barEndUs: number;
  readonly symbols: number;
  /** All are made, and are given to the journal. */
  readonly madeMs: number;
  /** They are durable, and orders may go out. */
  readonly durableMs: number;
  /** Whether they had to be in the database, for an entry is among them. */
  readonly isEntry: boolean;
  readonly isInDatabase: boolean;
}

/** What a run did. */
export interface LatencyWork {
  readonly bars: readonly DecidedBar[];
  readonly events: number;
}

/** The run's journal, timed. */
class TimedJournal implements RunJournal {
  readonly bars: DecidedBar[] = [];
  private readonly journal: RunJournal;

  constructor(journal: RunJournal) {
    this.journal = journal;
  }

  get isUp(): boolean {
    return this.journal.isUp;
  }

  async write(
    records: readonly JournalRecord[],
    needs: "database" | "local",
  ): Promise<WrittenRecords> {
    const madeMs = machineMs();
    const written = await this.journal.write(records, needs);
    const durableMs = machineMs();
    const decisions = records.filter((record) => record.kind === "decision");
    const [first] = decisions;
    if (first?.kind !== "decision") return written;
    const isInDatabase = written.where === "database";
    const { barEndUs } = first;
    const symbols = decisions.length;
    const isEntry = needs === "database";
    this.bars.push({ barEndUs, symbols, madeMs, durableMs, isEntry, isInDatabase });
    return written;
  }
}

/**
 * Runs.
 *
 * @throws {WorkbenchError} the stream broke off or left something out: how long it took would then mean nothing
 */
export async function latencyJob(job: LatencyJob): Promise<LatencyWork> {
  const { live, run: name, databaseUrl } = job;
  const model = await readModel(job.model);
  const store = await openStore(live.root);
  const starts = await startsOf(store, live, model);
  await store.close();
  const journal = await Journal.open({ run: name, data: live.root, databaseUrl, keeps: true });
  try {
    const own = new JournalOfRun(journal);
    const timed = new TimedJournal(own);
    const times: number[] = [];
    const streams: LiveStream[] = [];
    const settings = benchSettings(model, { run: name, mode: "paper" });
    const beginUs = dayStartUs(live.days[0]!);
    const lastUs = beginUs + job.bars * live.barUs;
    // What a followed stream's run does after each bar and order, besides.
    const settingsHash = contentHash(settings);
    const keeper = new StateKeeper({
      ...{ root: live.root, run: name, settings: settingsHash, canRewind: false, journal: own },
      onUnwritten: (reason) => {
        throw new Error(reason);
      },
    });
    const control = new Control(live.root, async () => {});
    await warmUpCode(
      { settings, model, starts, control },
      { signal: new AbortController().signal },
    );
    const run: OpenRun = await openRun({
      ...{ settings, settingsHash, model, starts, beginUs, journal: timed, prior: NO_PRIOR },
      source: socketFeed(job.url, live.symbols, {
        onOpen: (stream) => streams.push(stream),
      }),
      control,
      watcher: watcherOf(boardOf(model, name), times),
      pacer: new Pacer(Number.POSITIVE_INFINITY, new AbortController().signal),
      onOrders: (held) => keeper.orders(held),
      onBar: async (barEndUs, save) => {
        await keeper.bar(barEndUs, save, run.held);
        if (barEndUs >= lastUs) run.stop();
      },
    });
    await timed.write([runRecord(name, model)], "local");
    await run.run();
    for (const stream of streams) requireWhole(stream);
    await writeDoubles(job.eventsFile, Float64Array.from(times));
    return { bars: timed.bars, events: run.counts.events };
  } finally {
    await journal.close({ deadlineMs: 30_000 });
  }
}

function requireWhole({ errors, rejected }: LiveStream): void {
  const wrong = [...errors, ...Object.keys(rejected)];
  if (wrong.length > 0) throw new WorkbenchError({ message: `the stream said: ${wrong[0]}` });
}

/** The operator's board looks on, as in every run. */
function boardOf(model: LiveModel, run: string): MonitorBoard {
  const { exchange, symbols, name } = model;
  const facts = { run, mode: "paper", feed: "stream", exchange, symbols, models: [name] } as const;
  return new MonitorBoard(
    { ...facts, isSimulated: true, isUnpromoted: true },
    { initialUsd: 100_000, staleAfterMs: 60_000 },
  );
}

function watcherOf(board: MonitorBoard, times: number[]): RunWatcher {
  return {
    event: (symbol, localUs) => {
      times.push(localUs, machineMs());
      board.event(symbol, localUs);
    },
    record: (record) => board.record(record),
    journalTook: (durationUs) => board.journalTook(durationUs),
  };
}

function runRecord(run: string, { exchange, symbols }: LiveModel): JournalRecord {
  return { kind: "run", run, mode: "paper", exchange, symbols, settings: "{}" };
}
