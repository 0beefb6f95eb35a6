import type { Side } from "./side.js";

/**
 * What is to be done about a table: `copy` what the target does not have, `keep` what is equal, `mend` what is damaged
 * there, `replace` what differs when that is wanted and else name it a `conflict`; `fail` where the source is unusable.
 */
export type SyncAction = "copy" | "keep" | "mend" | "replace" | "conflict" | "fail";

/**
 * Decides by both sides alone.
 *
 * @param options.overwrite - whether the source's table may replace another whole one
 */
export function decide(
  source: Side,
  target: Side,
  { overwrite }: { readonly overwrite: boolean },
): { readonly action: SyncAction; readonly reason?: string } {
  if (source.state === "absent") return { action: "fail", reason: "is not there any more" };
  if (source.state !== "whole") {
    return { action: "fail", reason: `${source.reason}; ${source.fix}` };
  }
  if (target.state === "absent") return { action: "copy" };
  if (target.state === "broken") return { action: "mend", reason: target.reason };
  if (target.state === "whole" && target.manifest.sha256 === source.manifest.sha256) {
    return { action: "keep" };
  }
  if (overwrite) return { action: "replace" };
  const differs =
    target.state === "foreign"
      ? `is another version's on the other side (${target.reason})`
      : "has another content on the other side";
  return { action: "conflict", reason: `${differs}; give --overwrite to replace it` };
}
