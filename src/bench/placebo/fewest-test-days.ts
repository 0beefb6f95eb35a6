import type { BenchResult } from "../benchmark.js";
import { atLeast } from "../figures.js";
import type { SeedFindings } from "./seed-job.js";

/** Daily returns below which no Sharpe ratio is judged. */
const REQUIRED_DAYS = 90;

/** Markets of fewer test days would fail by the gates on Sharpe ratios alone, whatever is known there. */
export function fewestTestDays(name: string, markets: readonly SeedFindings[]): BenchResult {
  return atLeast(REQUIRED_DAYS, {
    what: `${name} market, fewest test days`,
    unit: "days",
    value: Math.min(...markets.map(({ testDays }) => testDays)),
  });
}
