import type { HorizonPoint } from "../evaluation/horizon-map.js";
import { horizonText } from "./horizon-text.js";

/** What follows a caption where the simulator's truth does not tell what is attainable: at which horizons, and why; else nothing. */
export function untoldText(points: readonly Pick<HorizonPoint, "horizonUs" | "untold">[]): string {
  const byReason = new Map<string, string[]>();
  for (const { horizonUs, untold } of points) {
    if (untold === undefined) continue;
    byReason.set(untold, [...(byReason.get(untold) ?? []), horizonText(horizonUs)]);
  }
  if (byReason.size === 0) return "";
  const parts = [...byReason].map(([why, horizons]) => `at ${horizons.join(", ")}: ${why}`);
  return `; what is attainable is not known ${parts.join("; ")}`;
}
