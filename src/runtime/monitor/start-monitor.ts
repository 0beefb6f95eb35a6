import { AlertHook } from "./alert-hook.js";
import { AlertWatch } from "./alert-watch.js";
import type { MonitorBoard } from "./monitor-board.js";
import { type MonitorServerOptions, startMonitorServer } from "./monitor-server.js";
import { openRunLog, type RunLog, type RunLogOptions } from "./run-log.js";

/** What watches a run. */
export interface Monitor {
  /** Of the page; undefined where none is served. */
  readonly url: string | undefined;
  readonly log: RunLog;
  /** Tells why the process stops, and ends within a few seconds. */
  readonly close: (reason: string) => Promise<void>;
}

/** Which parts watch, and how. */
export interface MonitorOptions extends Omit<RunLogOptions, "run" | "onLine"> {
  /** Where the page is served; undefined: nowhere. */
  readonly server?: MonitorServerOptions;
  readonly alerts?: AlertOptions;
}

/** Whom to tell, and when. */
export interface AlertOptions {
  readonly address: string;
  /** Silence of a feed before it is told. */
  readonly staleAfterMs: number;
}

const LOOK_EVERY_MS = 1000;

/**
 * Starts what watches a run: its log, its page with health and metrics, its alerts. All of it reads the board; nothing that
 * goes wrong with it reaches the loop.
 *
 * @throws {OptionError} an address, a port, a folder or a token cannot be used
 */
export async function startMonitor(board: MonitorBoard, options: MonitorOptions): Promise<Monitor> {
  const { server, alerts, secrets = [], ...logOptions } = options;
  const log = openRunLog({
    ...logOptions,
    run: board.facts.run,
    secrets: [...secrets, server?.token ?? "", alerts?.address ?? ""],
    onLine: (line) => board.log(line),
  });
  try {
    return await watchRun(board, log, options);
  } catch (error) {
    log.close();
    throw error;
  }
}

async function watchRun(
  board: MonitorBoard,
  log: RunLog,
  { server: serverOptions, alerts }: MonitorOptions,
): Promise<Monitor> {
  const hook = alerts === undefined ? undefined : alertHook(board, log, alerts);
  const server =
    serverOptions === undefined ? undefined : await startMonitorServer(board, serverOptions);
  const watch = new AlertWatch((alert) => hook?.send(alert), alerts?.staleAfterMs ?? 0);
  board.onRisk((record) => watch.risk(record));
  // Readings once a second keep the pace right also while nobody looks.
  const timer = setInterval(() => watch.look(board.snapshot()), LOOK_EVERY_MS).unref();
  const tellProcess = (name: string, detail: string): void => {
    hook?.send({ name, symbol: "", severity: "info", detail, atUs: Number.NaN });
    log.info(name, { detail });
  };
  tellProcess("process-start", `process ${process.pid} drives the run`);
  return {
    url: server?.url,
    log,
    close: async (reason) => {
      clearInterval(timer);
      watch.look(board.snapshot());
      tellProcess("process-stop", reason);
      await Promise.all([hook?.close(), server?.close()]);
      log.close();
    },
  };
}

function alertHook(board: MonitorBoard, log: RunLog, alerts: AlertOptions): AlertHook {
  const { run, isSimulated, isUnpromoted } = board.facts;
  return new AlertHook(
    alerts.address,
    { run, isSimulated, isUnpromoted },
    {
      onOutcome: (outcome, { name, symbol }, why) => {
        board.metrics.alerted(outcome);
        if (outcome === "failed" || outcome === "dropped") {
          log.warn(`alert ${outcome}`, { name, symbol, why });
        }
      },
    },
  );
}
