// One seed's work: days with faults and one without are simulated, brought in, audited and judged.
import { rm } from "node:fs/promises";
import path from "node:path";
import { type AuditResult, audit } from "../../audit/audit.js";
import { SIMULATED_EXCHANGE } from "../../core/symbols.js";
import { HOUR_US } from "../../core/time.js";
import { importCandles } from "../../ingest/candles/import-candles.js";
import { ingestFile } from "../../ingest/ingest-file.js";
import { vendorPath } from "../../ingest/vendor-path.js";
import { EVENT_TYPES } from "../../simulate/day-files.js";
import { type DayJob, type DayRecord, simulateDay } from "../../simulate/day-job.js";
import { CANDLE_KIND } from "../../simulate/faults/candles.js";
import { kindsOfDay } from "../../simulate/faults/choose-kinds.js";
import type { PlantedFault } from "../../simulate/faults/planted-fault.js";
import { SYMBOL_SETTINGS } from "../../simulate/settings.js";
import { readColumns } from "../../store/read.js";
import { openStore, type Store } from "../../store/store.js";
import { type FalseAlarm, falseAlarms, type JudgedFault, judgeFaults } from "./judge.js";

/** A seed to work on; plain data, so that it can be sent to a worker. */
export interface SeedJob {
  readonly seed: number;
  /** Not there yet; gone afterwards unless something was wrong. */
  readonly folder: string;
  /** Kinds of faults to plant. */
  readonly kinds: readonly string[];
}

/** What one seed showed. */
export interface SeedReport {
  readonly judged: readonly JudgedFault[];
  readonly alarms: readonly FalseAlarm[];
  /** Symbol-days with faults. */
  readonly faultyDays: number;
  /** What was found on the day without faults; more than one, a fatal one or a bad hour are too many. */
  readonly clean: {
    readonly findings: readonly string[];
    readonly fatal: number;
    readonly badHours: number;
  };
}

/** Works on one seed. Run by a worker, or in the calling thread. */
export async function auditSeed(job: SeedJob): Promise<SeedReport> {
  const { faulty, clean } = await simulateSeed(job);
  const store = await openStore(path.join(job.folder, "store"), { threads: 1 });
  let report: SeedReport;
  try {
    await bringIn(store, job.folder, [...faulty, clean]);
    const request = { exchange: SIMULATED_EXCHANGE, days: [clean.date] };
    const bare = await audit(store, { ...request, symbols: [clean.symbol] });
    const symbols = faulty.map(({ symbol }) => symbol);
    const found = symbols.length === 0 ? undefined : await audit(store, { ...request, symbols });
    const events = await judge(store, faulty, found);
    const candles = await judgeCandles(store, job.folder, clean);
    const ofSeed = <Told extends { readonly what: string }>(told: Told): Told => ({
      ...told,
      what: `seed ${job.seed}, ${told.what}`,
    });
    report = {
      judged: [...events.judged, ...candles.judged].map(ofSeed),
      alarms: [...events.alarms, ...candles.alarms].map(ofSeed),
      faultyDays: faulty.length,
      clean: describeClean(bare, job.seed),
    };
  } finally {
    await store.close();
  }
  if (hasStood(report)) await rm(job.folder, { recursive: true, force: true });
  return report;
}

/** Whether a seed showed nothing wrong. */
function hasStood({ judged, alarms, clean }: SeedReport): boolean {
  const isFound = judged.every(({ outcome }) => outcome === "found");
  return isFound && alarms.length === 0 && isCleanDay(clean);
}

/** Whether a day without faults was taken for one. */
export function isCleanDay({ findings, fatal, badHours }: SeedReport["clean"]): boolean {
  return findings.length <= 1 && fatal === 0 && badHours === 0;
}

/**
 * The market's first or second day, in turn: some symbols with faults, two where the kinds take turns, and the last one
 * without.
 */
async function simulateSeed({
  seed,
  folder,
  kinds,
}: SeedJob): Promise<{ readonly faulty: readonly DayRecord[]; readonly clean: DayRecord }> {
  const day = Math.abs(seed) % 2;
  const market = { seed, edge: "informative", from: "2024-01-01" } as const;
  const simulate = (
    symbol: number,
    faults: Pick<DayJob, "hasFaults" | "faultKinds" | "hasCandles">,
  ): Promise<DayRecord> =>
    simulateDay({
      root: path.join(folder, "mirror"),
      ...{ market, symbol: SYMBOL_SETTINGS[symbol]!.symbol, day },
      ...{ types: EVENT_TYPES, hasTruth: false, ...faults },
    });
  // Neighbours take different turns; which symbol stays clean changes with the seed.
  const first = Math.floor(Math.abs(seed) / 2) % 2;
  const [one, two, bare] = first === 0 ? [0, 1, 2] : [2, 1, 0];
  const planted = (symbol: number): number => kindsOfDay(kinds, { day, symbol }).length;
  const ofEvents = kinds.filter((name) => name !== CANDLE_KIND.name).length;
  const takeTurns = planted(one!) + planted(two!) === ofEvents;
  const symbols = ofEvents === 0 ? [] : takeTurns ? [one!, two!] : [one!];
  const faulty: DayRecord[] = [];
  for (const symbol of symbols) {
    if (planted(symbol) === 0) continue;
    faulty.push(await simulate(symbol, { hasFaults: true, faultKinds: kinds }));
  }
  // Candles beside the clean day's events are wrong where that is asked for: they are held against its true trades.
  const faultKinds = kinds.filter((name) => name === CANDLE_KIND.name);
  const hasCandles = faultKinds.length > 0;
  const clean = await simulate(bare!, { hasFaults: hasCandles, faultKinds, hasCandles });
  return { faulty, clean };
}

async function bringIn(store: Store, folder: string, days: readonly DayRecord[]): Promise<void> {
  for (const { symbol, date } of days) {
    for (const type of EVENT_TYPES) {
      const key = { exchange: SIMULATED_EXCHANGE, symbol, type, date };
      const file = path.join(folder, "mirror", vendorPath(key));
      await ingestFile(store, key, { file, maxRejectedShare: 0.001 });
    }
  }
}

async function judge(
  store: Store,
  days: readonly DayRecord[],
  found: AuditResult | undefined,
): Promise<Pick<SeedReport, "judged" | "alarms">> {
  const planted = days.flatMap(({ faults }) => faults);
  const findings = found?.findings ?? [];
  const judged = await judgeFaults(planted, findings, async ({ symbol, date, type }) => {
    if (type === "candles") return [];
    const key = { exchange: SIMULATED_EXCHANGE, symbol, type, date };
    const { local_timestamp: times } = await readColumns(store, key, ["local_timestamp"]);
    return times as Float64Array;
  });
  const alarms = [...falseAlarms(planted, findings), ...badHours(planted, found)];
  return { judged, alarms };
}

/** Brings the clean day's candles in, whose lost minutes are gaps as planned, and judges what the audit finds of them. */
async function judgeCandles(
  store: Store,
  folder: string,
  { symbol, date, faults }: DayRecord,
): Promise<Pick<SeedReport, "judged" | "alarms">> {
  if (faults.length === 0) return { judged: [], alarms: [] };
  const file = path.join(folder, "mirror", "candles", symbol, `${date}.csv`);
  const range = { exchange: SIMULATED_EXCHANGE, days: [date] };
  await importCandles(store, file, { ...range, symbol });
  const { findings } = await audit(store, { ...range, symbols: [symbol] });
  const told = findings.filter(({ check, type }) => check !== "gap" || type !== "candles");
  const judged = await judgeFaults(faults, told, async () => []);
  return { judged, alarms: falseAlarms(faults, told) };
}

/** Hours that are bad with no fault in them. */
function badHours(
  planted: readonly PlantedFault[],
  found: AuditResult | undefined,
): readonly FalseAlarm[] {
  const bad = (found?.hours ?? []).filter(({ verdict }) => verdict === "bad");
  return bad
    .filter(({ symbol, date, hourUs }) => {
      const own = planted.filter((fault) => fault.symbol === symbol && fault.date === date);
      return !own.some(({ fromUs, toUs }) => toUs >= hourUs && fromUs < hourUs + HOUR_US);
    })
    .map(({ symbol, type, hourUs, reasons }) => ({
      check: "bad hour",
      what: `${symbol} ${type} ${new Date(hourUs / 1000).toISOString()}: ${reasons.join("; ")}`,
    }));
}

function describeClean({ findings, hours }: AuditResult, seed: number): SeedReport["clean"] {
  return {
    findings: findings.map(
      ({ symbol, date, type, check, detail }) =>
        `seed ${seed}, ${symbol} ${date} ${type}: ${check}, ${detail}`,
    ),
    fatal: findings.filter(({ isFatal }) => isFatal).length,
    badHours: hours.filter(({ verdict }) => verdict === "bad").length,
  };
}
