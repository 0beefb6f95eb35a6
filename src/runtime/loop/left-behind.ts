import { HOUR_US } from "../../core/time.js";
import type { LiveRequest } from "../live-run.js";
import type { RunParts } from "./open-run.js";
import { type HeldState, heldFile, readState, stateFile } from "./session-state.js";

/** Features go on over a gap as over one of the data; over a longer one they begin anew. */
const MOST_GAP_US = HOUR_US;

/**
 * What an earlier process of the run has left. Of a feed that cannot be rewound the bars are gone on from only where few are
 * missing; what is held counts whatever its age.
 */
export async function leftBehind({
  root,
  settings,
  source,
  beginUs,
}: LiveRequest): Promise<Pick<RunParts, "saved" | "held">> {
  const saved = await readState(stateFile(root, settings.run));
  if (source.canRewind) return { saved };
  const held = await readState<HeldState>(heldFile(root, settings.run));
  const isNear = saved !== undefined && beginUs - saved.barEndUs <= MOST_GAP_US;
  const desk = held?.desk ?? saved?.desk;
  return { ...(isNear ? { saved } : {}), ...(desk === undefined ? {} : { held: desk }) };
}
