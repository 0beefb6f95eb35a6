import { HOUR_US, MINUTE_US, SECOND_US } from "../core/time.js";

/** A horizon in its largest whole unit: `5 s`, `15 min`, `4 h`. */
export function horizonText(horizonUs: number): string {
  if (horizonUs >= HOUR_US && horizonUs % HOUR_US === 0) return `${horizonUs / HOUR_US} h`;
  if (horizonUs >= MINUTE_US && horizonUs % MINUTE_US === 0) return `${horizonUs / MINUTE_US} min`;
  return `${horizonUs / SECOND_US} s`;
}
