import type { DuckDBConnection } from "@duckdb/node-api";
import { WorkbenchError } from "../core/errors.js";

/** DuckDB forgets an interrupt that comes just before a query begins: it is repeated until the query has ended. */
const AGAIN_MS = 50;

const running = new Set<DuckDBConnection>();
const stopped = new Set<DuckDBConnection>();
let again: NodeJS.Timeout | undefined;

/** Lets Ctrl-C, also a notebook's, stop what a connection is doing: its query then fails. */
export function startInterruptible(connection: DuckDBConnection): void {
  if (running.size === 0) process.on("SIGINT", interruptAll);
  running.add(connection);
}

/** Ends what `startInterruptible` began. */
export function endInterruptible(connection: DuckDBConnection): void {
  running.delete(connection);
  stopped.delete(connection);
  if (running.size === 0) process.off("SIGINT", interruptAll);
  if (stopped.size > 0) return;
  clearInterval(again);
  again = undefined;
}

/**
 * Asks whether a connection may go on.
 *
 * @throws {WorkbenchError} Ctrl-C has stopped it
 */
export function requireRunning(connection: DuckDBConnection): void {
  if (!stopped.has(connection)) return;
  throw new WorkbenchError({ column: "query", message: "was stopped before it ended" });
}

function interruptAll(): void {
  for (const connection of running) stopped.add(connection);
  again ??= setInterval(interruptStopped, AGAIN_MS).unref();
  interruptStopped();
}

function interruptStopped(): void {
  for (const connection of stopped) connection.interrupt();
}
