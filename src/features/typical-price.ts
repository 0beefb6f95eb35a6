import type { Bar } from "./bar.js";

/** What stands for all prices of a bar: the mean of its high, low and close. */
export function typicalPrice({ high, low, close }: Bar): number {
  return (high + low + close) / 3;
}
