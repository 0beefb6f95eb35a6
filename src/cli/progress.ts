import { SingleBar } from "cli-progress";

let bar: SingleBar | undefined;

/**
 * Shows how far the running step is, with rate and time left; silent when standard error is not a terminal.
 *
 * @param done - units finished; the bar ends when it reaches `total`
 * @param total - units in all
 * @param what - the unit's name, for example "files"
 */
export function printProgress(done: number, total: number, what: string): void {
  if (!process.stderr.isTTY) return;
  if (bar === undefined) {
    bar = new SingleBar({
      format: "  {bar} {value}/{total} {what}, {eta_formatted} left",
      clearOnComplete: true,
      hideCursor: true,
      stream: process.stderr,
    });
    bar.start(total, done, { what });
  }
  bar.setTotal(total);
  bar.update(done, { what });
  if (done >= total) {
    bar.stop();
    bar = undefined;
  }
}
