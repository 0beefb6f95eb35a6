import { SingleBar } from "cli-progress";

let bar: SingleBar | undefined;

/**
 * Shows how far the running step is, with rate and time left; silent when standard error is not a terminal.
 *
 * @param done - units finished; the bar ends when it reaches `total`
 * @param total - units in all
 * @param what - the unit's name, for example "files", and whatever else is known of the step
 * @param left - the time left in words; default what the bar's own rate says
 */
export function printProgress(done: number, total: number, what: string, left?: string): void {
  if (!process.stderr.isTTY) return;
  if (bar === undefined) {
    bar = new SingleBar({
      format: `  {bar} {value}/{total} {what}, ${left === undefined ? "{eta_formatted}" : "{left}"} left`,
      // What is told in more words leaves less room for the bar.
      barsize: left === undefined ? 40 : 10,
      clearOnComplete: true,
      hideCursor: true,
      // Its own handling of signals would keep them from the process.
      gracefulExit: false,
      stream: process.stderr,
    });
    bar.start(total, done, { what, left });
    for (const signal of SIGNALS) process.once(signal, interrupt);
  }
  bar.setTotal(total);
  bar.update(done, { what, left });
  if (done >= total) endProgress();
}

/** Takes the bar away where a step ends before all of it is done: it would keep the process alive and the cursor hidden. */
export function endProgress(): void {
  bar?.stop();
  bar = undefined;
  for (const signal of SIGNALS) process.removeListener(signal, interrupt);
}

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/** Makes the terminal whole, and lets the signal do what it would have done without a bar. */
function interrupt(signal: NodeJS.Signals): void {
  endProgress();
  if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
}
