import { OptionError } from "../core/errors.js";
import type { PlannedFile } from "../ingest/plan.js";
import { inWords, type RunCost, type Speed } from "../ingest/run-cost.js";
import type { CommandContext, CommandResult } from "./command.js";
import { byStream, LISTED_FILES } from "./fold-lines.js";

/** Files of a plan counted by what is to become of them. */
interface Counts {
  readonly files: number;
  readonly new: number;
  readonly stored: number;
  readonly absent: number;
  readonly refused: number;
}

/** Prints what a run would fetch, need and take; the exit code is 1 when it is known not to fit. */
export function showPlan(
  files: readonly PlannedFile[],
  cost: RunCost,
  { say, dataDir }: Pick<CommandContext, "say" | "dataDir">,
): CommandResult {
  const { disk, time } = cost;
  const counts = countFiles(files);
  const different = (name: "date" | "symbol" | "type"): number =>
    new Set(files.map((file) => file[name])).size;
  const asked = { days: different("date"), symbols: different("symbol"), types: different("type") };
  for (const line of files.length <= LISTED_FILES ? files.map(fileLine) : streamLines(files)) {
    say(line);
  }
  say(
    `${asked.days} days × ${asked.symbols} symbols × ${asked.types} types: ${counts.files} files, ` +
      `${counts.stored} in the store, ${counts.absent} absent, ${counts.refused} refused, ` +
      `${counts.new} to fetch`,
  );
  say(`to fetch  ${inWords(cost.bytesToFetch)}${sizesInWords(cost.sizes)}`);
  say(`disk      ${needInWords(disk, dataDir)}, ${inWords(disk.free)} free: ${fitInWords(cost)}`);
  const speeds = [
    ...(time.download === null ? [] : [`download ${speedInWords(time.download)}`]),
    `check and encode ${speedInWords(time.processing)}`,
  ];
  say(`time      ${durationInWords(time.seconds)}: ${speeds.join(", ")}`);
  const json = { files, ...asked, counts, ...cost };
  return { json, exitCode: disk.fits === false ? 1 : 0 };
}

/**
 * Fails when a source has nothing of what is asked for.
 *
 * @param source - its name
 * @throws {OptionError} every file is absent
 */
export function requireSomething(files: readonly PlannedFile[], source: string): void {
  if (files.some(({ status }) => status !== "absent")) return;
  throw new OptionError({
    column: "--source",
    message: `was ${source}, which has none of the files asked for`,
    fix: "check --exchange, --symbols, --types, --from and --to",
  });
}

function countFiles(files: readonly PlannedFile[]): Counts {
  const count = (status: PlannedFile["status"]): number =>
    files.filter((file) => file.status === status).length;
  return {
    files: files.length,
    new: count("new"),
    stored: count("stored"),
    absent: count("absent"),
    refused: count("refused"),
  };
}

function fileLine(file: PlannedFile): string {
  const { type, exchange, symbol, date, status, bytes, saidBy, reason } = file;
  const about = saidBy === "estimate" ? "about " : "";
  const isSized = status === "new" || status === "stored";
  const told = bytes === null ? "size not told" : `${about}${bytes.toLocaleString("en")} bytes`;
  const rest = isSized ? `${told}${replacedInWords(file)}` : (reason ?? "");
  return `${status.padEnd(7)} ${exchange} ${symbol} ${type} ${date} ${rest}`.trimEnd();
}

/** What a file's rows take the place of, as the end of a line. */
export function replacedInWords({ replacedRows }: Pick<PlannedFile, "replacedRows">): string {
  if (replacedRows === undefined) return "";
  return `, in place of ${replacedRows.toLocaleString("en")} rows from elsewhere`;
}

function streamLines(files: readonly PlannedFile[]): readonly string[] {
  return [...byStream(files)].flatMap(([name, stream]) => {
    const counts = countFiles(stream);
    const sizes = stream.flatMap(({ status, bytes }) => (status === "new" ? (bytes ?? []) : []));
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    const size = counts.new > 0 && sizes.length === 0 ? "size not told" : inWords(bytes);
    const others = (["stored", "absent", "refused"] as const)
      .filter((status) => counts[status] > 0)
      .map((status) => `, ${counts[status]} ${status}`);
    // They are many for one reason, as a rule.
    const refused = stream.filter(({ reason }) => reason !== undefined).slice(0, 1);
    const line = `${name} ${counts.new} to fetch, ${size}${others.join("")}`;
    return [line, ...refused.map(fileLine)];
  });
}

function needInWords(
  { needed, partitions, temporary, ratios }: RunCost["disk"],
  dataDir: string,
): string {
  if (Number.isNaN(needed)) return `unknown in ${dataDir}`;
  const parts = `${inWords(partitions)} Parquet ${ratiosInWords(ratios)}, ${inWords(temporary)} of downloads at once`;
  return `${inWords(needed)} needed in ${dataDir} (${parts})`;
}

function fitInWords({ disk, sizes }: RunCost): string {
  if (disk.fits === null) return "whether it fits is unknown";
  if (!disk.fits) return "IT DOES NOT FIT";
  return sizes.untold > 0 ? "what is known of fits" : "it fits";
}

function sizesInWords({ asked, estimated, untold }: RunCost["sizes"]): string {
  if (untold > 0 && asked + estimated === 0) return ": no size is told";
  const parts = [
    ...(asked > 0 ? [`${asked} sizes asked`] : []),
    ...(estimated > 0 ? [`${estimated} estimated from the days around them`] : []),
    ...(untold > 0 ? [`${untold} told by nobody and not counted`] : []),
  ];
  return parts.length === 0 ? "" : ` (${parts.join(", ")})`;
}

function ratiosInWords(ratios: RunCost["disk"]["ratios"]): string {
  const all = Object.values(ratios);
  const measured = all.filter(({ isMeasured }) => isMeasured).length;
  if (measured === all.length) return "by what is stored";
  return measured === 0 ? "assumed" : "by what is stored and assumed";
}

function speedInWords({ bytesPerSecond, isMeasured }: Speed): string {
  const how = isMeasured ? "measured in earlier runs" : "assumed, no run has measured it yet";
  return `${inWords(bytesPerSecond)}/s (${how})`;
}

/** A time for people: `about 5 min`, and `unknown` for NaN. */
export function durationInWords(seconds: number): string {
  if (Number.isNaN(seconds)) return "unknown";
  if (seconds < 60) return `about ${Math.ceil(seconds)} s`;
  if (seconds < 3600) return `about ${Math.ceil(seconds / 60)} min`;
  const hours = Math.floor(seconds / 3600);
  return `about ${hours} h ${Math.ceil((seconds - 3600 * hours) / 60)} min`;
}
