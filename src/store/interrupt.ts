import type { DuckDBConnection } from "@duckdb/node-api";

const running = new Set<DuckDBConnection>();

/** Lets Ctrl-C, also a notebook's, stop what a connection is doing: its query then fails with an interrupt. */
export function startInterruptible(connection: DuckDBConnection): void {
  if (running.size === 0) process.on("SIGINT", interruptAll);
  running.add(connection);
}

/** Ends what `startInterruptible` began. */
export function endInterruptible(connection: DuckDBConnection): void {
  running.delete(connection);
  if (running.size === 0) process.off("SIGINT", interruptAll);
}

function interruptAll(): void {
  for (const connection of running) connection.interrupt();
}
