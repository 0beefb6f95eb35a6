import { HOUR_US } from "../../core/time.js";
import type { FeedSource } from "../feed/feed.js";
import type { RunSettings } from "./run-settings.js";
import {
  type HeldState,
  heldFile,
  readState,
  type SessionState,
  stateFile,
} from "./session-state.js";

/** Features go on over a gap as over one of the data; over a longer one they begin anew. */
const MOST_GAP_US = HOUR_US;

/** A run that may have been begun before. */
interface BegunBefore {
  /** Root of the store. */
  readonly root: string;
  readonly settings: Pick<RunSettings, "run">;
  readonly source: Pick<FeedSource, "canRewind">;
  /** First time that this process takes up. */
  readonly beginUs: number;
}

/** What an earlier process of a run has left. */
export interface LeftBehind {
  /** What bars go on from. */
  readonly saved: SessionState | undefined;
  /** Of a feed that cannot be rewound: what was held last, whatever its age. */
  readonly held: HeldState | undefined;
  /** Hashes of what both were begun with. */
  readonly settings: readonly string[];
}

/**
 * What an earlier process of the run has left. Of a feed that cannot be rewound the bars are gone on from only where few are
 * missing.
 */
export async function leftBehind({
  root,
  settings: { run },
  source,
  beginUs,
}: BegunBefore): Promise<LeftBehind> {
  const saved = await readState(stateFile(root, run));
  const held = source.canRewind ? undefined : await readState<HeldState>(heldFile(root, run));
  const settings = [saved, held].flatMap((state) => (state === undefined ? [] : [state.settings]));
  const isNear = saved !== undefined && beginUs - saved.barEndUs <= MOST_GAP_US;
  return { saved: source.canRewind || isNear ? saved : undefined, held, settings };
}
