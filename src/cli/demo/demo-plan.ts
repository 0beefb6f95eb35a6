import path from "node:path";
import { SIMULATED_EXCHANGE } from "../../core/symbols.js";
import { DAY_US, dateOf, dayStartUs, daysBetween, MINUTE_US } from "../../core/time.js";
import type { SliceShares } from "../../dataset/folds.js";
import type { CommandContext } from "../command.js";

/** What a demo is made of. */
export interface DemoSettings {
  readonly symbols: readonly string[];
  readonly seed: number;
  readonly barMinutes: number;
  readonly horizonMinutes: number;
  /** Days that the model's bars lie in. */
  readonly modelDays: number;
  /** Days that it never saw; the day between is left out, since the last label ends after midnight by the latency. */
  readonly liveDays: number;
  readonly folds: number;
  readonly shares: SliceShares;
}

/**
 * The market with the strong edge, asked an hour ahead: in a quarter of an hour it moves little more than a round trip costs.
 * So many days in such folds, because these test on 91 days and no Sharpe ratio of fewer than 90 is judged; the first week has
 * no rows, for its inputs look back on one.
 */
export const DEMO_SETTINGS: DemoSettings = {
  symbols: ["BTCUSDT", "ETHUSDT", "SOLUSDT"],
  seed: 1,
  barMinutes: 15,
  horizonMinutes: 60,
  modelDays: 130,
  liveDays: 8,
  folds: 3,
  shares: { train: 0.35, earlyStop: 0.05, calibrate: 0.1, test: 0.5 },
};

/** The same with its place and its days. */
export interface DemoPlan extends DemoSettings {
  /** Of the demo's own store. */
  readonly root: string;
  readonly exchange: string;
  /** All days, the model's, and those that it never saw. */
  readonly dates: readonly string[];
  readonly modelDates: readonly string[];
  readonly liveDates: readonly string[];
  /** First day of all, and the day after the last. */
  readonly begin: string;
  readonly to: string;
  /** Day after the model's last, and the first that it never saw. */
  readonly modelTo: string;
  readonly from: string;
  readonly barUs: number;
}

/** Who is told how far a demo is. */
export type DemoTold = Pick<CommandContext, "say" | "progress">;

const FIRST_DAY = "2024-01-01";

/** @param dataDir - root of the user's store */
export function demoPlan(dataDir: string, settings: DemoSettings): DemoPlan {
  const after = (days: number): string => dateOf(dayStartUs(FIRST_DAY) + days * DAY_US);
  const { modelDays, liveDays } = settings;
  const [modelTo, from, to] = [
    after(modelDays),
    after(modelDays + 1),
    after(modelDays + 1 + liveDays),
  ];
  return {
    ...settings,
    root: path.join(path.resolve(dataDir), "demo"),
    exchange: SIMULATED_EXCHANGE,
    dates: daysBetween(FIRST_DAY, to),
    modelDates: daysBetween(FIRST_DAY, modelTo),
    liveDates: daysBetween(from, to),
    begin: FIRST_DAY,
    ...{ modelTo, from, to },
    barUs: settings.barMinutes * MINUTE_US,
  };
}

/**
 * Runs a step, and says in a line what came of it and how long it took.
 *
 * @param work - gives that line, and what the steps after it need
 */
export async function demoStep<Came extends { readonly line: string }>(
  name: string,
  { say }: DemoTold,
  work: () => Promise<Came>,
): Promise<Came> {
  const begun = performance.now();
  const came = await work();
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  say(`● ${name.padEnd(19)} done      ${came.line} ${seconds} s`);
  return came;
}
