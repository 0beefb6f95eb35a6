// A run over a scene, as a process of its own drives it, or this one.
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { type LiveOutcome, type LiveRequest, liveRun } from "../../runtime/live-run.js";
import type { RunJournal } from "../../runtime/loop/run-journal.js";
import type { Store } from "../../store/store.js";
import { ExchangeLog, exchangeFile } from "./exchange-log.js";
import { type OnStep, RememberingBroker } from "./remembering-broker.js";
import { type RunScene, requestOf, runFolder } from "./run-scene.js";

/** Which run is driven; plain JSON. */
export interface RunPlan {
  readonly scene: RunScene;
  /** Root of the run's own files. */
  readonly root: string;
  /** Left out for the embedded database. */
  readonly databaseUrl?: string;
  /** Market seconds a second; left out, as fast as it goes. */
  readonly speed?: number;
  /** Size of the write-ahead file from which on it is cut. */
  readonly cutBytes: number;
  /** Until an answer of the database, ms; left out, that of a run. */
  readonly patienceMs?: number;
  /** File that holds the end of the last bar, µs. */
  readonly progress?: string;
  /** Socket of an exchange that plays the scene, followed in place of the store. */
  readonly url?: string;
  /** In place of the scene's own model, one that was promoted. */
  readonly model?: Pick<LiveRequest["model"], "name" | "bundleSha256" | "promotedEntry">;
}

/** Who is told of a run, and who ends it. */
export interface RunHooks {
  readonly signal?: AbortSignal;
  readonly onStep?: OnStep;
  readonly onBar?: (barEndUs: number) => void;
}

/** Drives a run to its end, or until it is stopped or abandoned. */
export async function driveRun(
  plan: RunPlan,
  store: Store,
  { signal = new AbortController().signal, onStep = () => {}, onBar = () => {} }: RunHooks = {},
): Promise<LiveOutcome> {
  const { scene, root, databaseUrl, speed = Number.POSITIVE_INFINITY, cutBytes, patienceMs } = plan;
  mkdirSync(runFolder(root), { recursive: true });
  const log = new ExchangeLog(exchangeFile(root));
  const patience = patienceMs === undefined ? {} : { answerMs: patienceMs, writeMs: patienceMs };
  const request = requestOf(scene, store, plan.url);
  try {
    return await liveRun({
      ...request,
      model: { ...request.model, ...plan.model },
      ...{ root, databaseUrl, speed, signal },
      limits: { cutBytes, ...patience },
      brokerFor: (paper) => new RememberingBroker(paper, log, onStep),
      journalFor: (journal) => steppedJournal(journal, onStep),
      onBar: (barEndUs) => {
        if (plan.progress !== undefined) tell(plan.progress, `${barEndUs}`);
        onBar(barEndUs);
        onStep("after a bar and its state");
      },
    });
  } finally {
    log.close();
  }
}

/** Whoever reads it finds this text or the one before. */
function tell(file: string, text: string): void {
  writeFileSync(`${file}.new`, text);
  renameSync(`${file}.new`, file);
}

function steppedJournal(journal: RunJournal, onStep: OnStep): RunJournal {
  return {
    get isUp() {
      return journal.isUp;
    },
    write: async (records, needs) => {
      onStep("before a write");
      const written = await journal.write(records, needs);
      onStep("after a write");
      return written;
    },
  };
}
