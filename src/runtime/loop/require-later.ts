// Does a stream go on from where its run has come to? Of a recording that begins once more everything was decided before.
import { OptionError } from "../../core/errors.js";
import { formatUtc } from "../../core/time.js";
import type { FeedSource } from "../feed/feed.js";
import { decidedSpans } from "../journal/read-decisions.js";
import type { JournalSource } from "../journal/read-run.js";
import type { JournalState } from "../journal/state.js";

/** What a run is to follow. */
interface FollowedRun {
  readonly source: Pick<FeedSource, "beginsBefore">;
  readonly settings: { readonly run: string };
  readonly signal: AbortSignal;
}

/**
 * Refuses a stream that plays what its run has gone through; where only the stream tells what time it is, that is waited for.
 *
 * @param decidedUs - end of the last bar that this machine knows to be decided on; −∞ where it knows of none
 * @throws {OptionError} it begins before the run's last bar
 */
export async function requireLater(
  { source, settings: { run }, signal }: FollowedRun,
  journal: JournalSource & { readonly state: JournalState },
  decidedUs: number,
): Promise<void> {
  if (source.beginsBefore === undefined) return;
  const spans = await decidedSpans(journal, run).catch((error) => {
    if (journal.state.name === "up") throw error;
    // What this machine knows is enough.
    return [];
  });
  const comeToUs = Math.max(decidedUs, ...spans.map(({ lastUs }) => lastUs));
  if (comeToUs === Number.NEGATIVE_INFINITY) return;
  const beginUs = await source.beginsBefore(comeToUs, signal);
  if (beginUs === undefined) return;
  throw new OptionError({
    column: "--name",
    message: `was "${run}", a run that has come to ${formatUtc(comeToUs)}, and the stream plays ${formatUtc(beginUs)}`,
    fix: "give another name to begin a run, or follow a stream that goes on from there",
  });
}
