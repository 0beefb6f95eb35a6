import { existsSync } from "node:fs";
import path from "node:path";
import { Piscina } from "piscina";
import { SECOND_US } from "../../core/time.js";
import { makeThreadsSafeToEnd } from "../../core/worker-threads.js";
import { ALL_KINDS } from "../../simulate/faults/kinds.js";
import type { CampaignOptions } from "../campaign.js";
import type { AuditFaultResult } from "./audit-table.js";
import { auditSeed, isCleanDay, type SeedJob, type SeedReport } from "./seed-job.js";

const FULL_SEEDS = 100;
const SMALL_SEEDS = 1;
const THREADS = 2;
/** Of what went wrong, so many are told. */
const TOLD = 3;

/**
 * Plants kinds of faults, audits the days, and audits as many days without faults.
 *
 * @param kinds - names of kinds; none plants nothing
 */
export async function runPlanted(
  kinds: readonly string[],
  { seed, isFull, folder, onProgress }: CampaignOptions,
): Promise<readonly AuditFaultResult[]> {
  const seeds = Array.from({ length: isFull ? FULL_SEEDS : SMALL_SEEDS }, (_, i) => seed + i);
  const jobs = seeds.map((own) => ({ seed: own, folder: path.join(folder, String(own)), kinds }));
  const reports = await runJobs(jobs, (done) => onProgress(done, jobs.length, "seeds"));
  return [
    ...kindResults(kinds, reports),
    ...unplantedResults(kinds, reports),
    cleanResult(reports),
  ];
}

/** Runs the jobs in worker threads; in this thread where the code was not built. */
async function runJobs(
  jobs: readonly SeedJob[],
  progress: (done: number) => void,
): Promise<readonly SeedReport[]> {
  const worker = path.join(__dirname, "seed-job.js");
  let done = 0;
  if (!existsSync(worker)) {
    const reports: SeedReport[] = [];
    for (const job of jobs) {
      reports.push(await auditSeed(job));
      progress(++done);
    }
    return reports;
  }
  makeThreadsSafeToEnd();
  const pool = new Piscina({ filename: worker, minThreads: THREADS, maxThreads: THREADS });
  try {
    return await Promise.all(
      jobs.map(async (job) => {
        const report = (await pool.run(job, { name: "auditSeed" })) as SeedReport;
        progress(++done);
        return report;
      }),
    );
  } finally {
    await pool.destroy();
  }
}

function kindResults(
  kinds: readonly string[],
  reports: readonly SeedReport[],
): readonly AuditFaultResult[] {
  const told = new Set<string>();
  return ALL_KINDS.filter(({ name }) => kinds.includes(name)).map(({ name, check, size }) => {
    const tries = reports.flatMap(({ judged }) => judged).filter(({ kind }) => kind === name);
    const found = tries.filter(({ outcome }) => outcome === "found");
    const of = (outcome: string): number => tries.filter((one) => one.outcome === outcome).length;
    const bad = tries.filter(({ outcome }) => outcome !== "found");
    // A false alarm is of a check and no kind: it is counted where the check comes first.
    const alarms = told.has(check) ? [] : alarmsOf(reports, check);
    told.add(check);
    return {
      ...{ fault: `${name}: ${size}`, tries: tries.length, detected: found.length },
      ...{ lost: 0, duplicated: 0, silent: of("missed"), misplaced: of("misplaced") },
      ...{ check, kind: name, size, falseAlarms: alarms.length },
      worstSeconds: worst(found.map(({ distanceUs }) => distanceUs / SECOND_US)),
      ...note([...bad.map(({ outcome, what }) => `${outcome}: ${what}`), ...alarms]),
    };
  });
}

/** Checks that found something though no fault of theirs was planted. */
function unplantedResults(
  kinds: readonly string[],
  reports: readonly SeedReport[],
): readonly AuditFaultResult[] {
  const planted = ALL_KINDS.filter(({ name }) => kinds.includes(name)).map(({ check }) => check);
  const days = reports.reduce((sum, { faultyDays }) => sum + faultyDays, 0);
  const checks = new Set(reports.flatMap(({ alarms }) => alarms.map(({ check }) => check)));
  return [...checks]
    .filter((check) => !planted.includes(check))
    .map((check) => {
      const alarms = alarmsOf(reports, check);
      const kept = reports.filter(({ alarms: own }) => own.every((one) => one.check !== check));
      return {
        ...{ fault: `${check} where none was planted`, tries: days, lost: 0, duplicated: 0 },
        detected: kept.reduce((sum, { faultyDays }) => sum + faultyDays, 0),
        ...{ silent: 0, misplaced: 0, check, kind: "none", size: "" },
        ...{ worstSeconds: Number.NaN, falseAlarms: alarms.length, ...note(alarms) },
      };
    });
}

/** Days without faults: no bad hour, no fatal finding, and one other finding at most. */
function cleanResult(reports: readonly SeedReport[]): AuditFaultResult {
  const days = reports.map(({ clean }) => clean);
  const findings = days.flatMap((day) => day.findings);
  const badHours = days.reduce((sum, day) => sum + day.badHours, 0);
  const excess = days.reduce((sum, day) => sum + Math.max(0, day.findings.length - 1), 0);
  const told = `${badHours} bad hours, ${findings.length} findings in ${days.length} days`;
  return {
    fault: "clean days: no bad hour and one finding at most",
    ...{ tries: days.length, detected: days.filter(isCleanDay).length },
    ...{ lost: 0, duplicated: 0, silent: 0, misplaced: 0 },
    ...{ check: "all", kind: "clean", size: "no fault", worstSeconds: Number.NaN },
    falseAlarms: excess,
    ...note([told, ...findings]),
  };
}

function alarmsOf(reports: readonly SeedReport[], check: string): readonly string[] {
  const all = reports.flatMap(({ alarms }) => alarms);
  return all.filter((one) => one.check === check).map(({ what }) => `false alarm: ${what}`);
}

function worst(values: readonly number[]): number {
  return values.length === 0 ? Number.NaN : Math.max(...values);
}

function note(lines: readonly string[]): { readonly note?: string } {
  if (lines.length === 0) return {};
  const rest = lines.length > TOLD ? [`and ${lines.length - TOLD} more`] : [];
  return { note: [...lines.slice(0, TOLD), ...rest].join("; ") };
}
