import { existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { OptionError } from "../core/errors.js";
import { makeFolder } from "../core/folder.js";
import { SIMULATED_EXCHANGE } from "../core/symbols.js";
import type { DayRecord } from "./day-job.js";
import { EDGES, type EdgeSettings, HORIZON_MINUTES, type MarketSettings } from "./settings.js";

const RECORD_FILE = "simulation.json";
const STARTED_FILE = "simulation.started.json";
/** Raised when the same settings give other bytes than before. */
const FORMAT = 1;

/** What makes a market: two folders that agree in it hold the same days. */
export interface MarketIdentity extends MarketSettings {
  /** Left out of the full market, which was there first. */
  readonly isThin?: boolean;
  readonly hasFaults: boolean;
  /** Kinds of faults, in the market that has some. */
  readonly faultKinds?: readonly string[];
}

/** Accuracy by horizon, keyed "1m", "5m", …; a true probability of the side taken, in [½, 1]. */
export type AccuracyByHorizon = Readonly<Record<string, number>>;

/** What `simulation.json` holds. */
export interface SimulationRecord {
  readonly format: number;
  readonly exchange: string;
  readonly market: MarketIdentity;
  readonly settings: EdgeSettings;
  readonly symbols: readonly string[];
  readonly dates: readonly string[];
  readonly oracleAccuracy: AccuracyByHorizon;
  readonly attainableAccuracy: AccuracyByHorizon;
  readonly days: readonly DayRecord[];
}

/**
 * Opens a folder for a market.
 *
 * @returns days that are there already, of the same market and with every file in place
 * @throws {OptionError} the folder cannot be written, or holds another market
 */
export function openSimulation(root: string, market: MarketIdentity): readonly DayRecord[] {
  makeFolder(root, "OUT");
  for (const name of [RECORD_FILE, STARTED_FILE]) requireSameMarket(path.join(root, name), market);
  writeJson(path.join(root, STARTED_FILE), { format: FORMAT, market });
  const file = path.join(root, RECORD_FILE);
  if (!existsSync(file)) return [];
  const record = JSON.parse(readFileSync(file, "utf8")) as SimulationRecord;
  return record.days.filter(({ files }) => files.every((written) => isInPlace(root, written)));
}

/** Writes `simulation.json`: the last step of a run, so its presence says that every file it lists is complete. */
export function closeSimulation(
  root: string,
  market: MarketIdentity,
  days: readonly DayRecord[],
): SimulationRecord {
  const ordered = [...days].sort((a, b) => compare(a.date, b.date) || compare(a.symbol, b.symbol));
  const record: SimulationRecord = {
    format: FORMAT,
    exchange: SIMULATED_EXCHANGE,
    market,
    settings: EDGES[market.edge],
    symbols: [...new Set(ordered.map(({ symbol }) => symbol))].sort(),
    dates: [...new Set(ordered.map(({ date }) => date))],
    ...accuracies(ordered),
    days: ordered,
  };
  if (market.hasFaults) {
    writeJson(path.join(root, "faults.json"), { faults: ordered.flatMap(({ faults }) => faults) });
  }
  writeJson(path.join(root, RECORD_FILE), record);
  rmSync(path.join(root, STARTED_FILE), { force: true });
  return record;
}

/**
 * Ceilings over some days.
 *
 * @returns means over their bars
 */
export function accuracies(
  days: readonly DayRecord[],
): Pick<SimulationRecord, "oracleAccuracy" | "attainableAccuracy"> {
  const means = (name: "oracle" | "attainable"): AccuracyByHorizon =>
    Object.fromEntries(
      HORIZON_MINUTES.map((minutes, h) => {
        const sum = days.reduce((all, day) => all + day[name][h]!, 0);
        return [`${minutes}m`, Number((sum / days.length).toFixed(6))];
      }),
    );
  return { oracleAccuracy: means("oracle"), attainableAccuracy: means("attainable") };
}

function requireSameMarket(file: string, market: MarketIdentity): void {
  if (!existsSync(file)) return;
  const found = JSON.parse(readFileSync(file, "utf8")) as Partial<SimulationRecord>;
  const expected = JSON.stringify([FORMAT, market]);
  if (JSON.stringify([found.format, found.market]) === expected) return;
  throw new OptionError({
    file,
    message: `was written for another market (${JSON.stringify(found.market)})`,
    fix: "give another folder, or remove this one first",
  });
}

function isInPlace(
  root: string,
  written: { readonly path: string; readonly bytes: number },
): boolean {
  return statSync(path.join(root, written.path), { throwIfNoEntry: false })?.size === written.bytes;
}

function writeJson(file: string, value: unknown): void {
  writeFileSync(`${file}.partial`, `${JSON.stringify(value, null, 1)}\n`);
  renameSync(`${file}.partial`, file);
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
