/** Signals that end a command which goes on until it is told: Ctrl-C, a service manager, a terminal that is closed. */
export const END_SIGNALS: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];
