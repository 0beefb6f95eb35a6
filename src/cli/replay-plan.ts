import { REQUESTS_A_DAY } from "../ingest/replay/ingest-replay.js";
import type { PlannedReplay, ReplayCost } from "../ingest/replay/plan-replay.js";
import { inWords } from "../ingest/run-cost.js";
import type { CommandContext, CommandResult } from "./command.js";
import { byStream, foldLines, LISTED_FILES } from "./fold-lines.js";
import { durationInWords } from "./ingest-plan.js";

/** Prints what a replay would read, need and take; the exit code is 1 when it is known not to fit. */
export function showReplayPlan(
  files: readonly PlannedReplay[],
  cost: ReplayCost,
  { say, dataDir }: Pick<CommandContext, "say" | "dataDir">,
): CommandResult {
  const folded = ["new", "stored", "absent", "refused"];
  for (const line of foldLines(files, { line: dayLine, folded })) say(line);
  if (files.length > LISTED_FILES) for (const day of firstRefused(files)) say(dayLine(day));
  const wanted = files.filter(({ status }) => status === "new");
  const count = (status: PlannedReplay["status"]): number =>
    files.filter((day) => day.status === status).length;
  const different = (name: "date" | "symbol" | "type"): number =>
    new Set(files.map((day) => day[name])).size;
  say(
    `${different("date")} days × ${different("symbol")} symbols × ${different("type")} types: ` +
      `${wanted.length} to replay, ${count("stored")} in the store, ${count("absent")} absent, ` +
      `${count("refused")} refused`,
  );
  // A source that says what it has gives it without a request.
  const requests = REQUESTS_A_DAY * wanted.filter(({ minutes }) => minutes === null).length;
  say(`to read   ${inWords(cost.bytesToRead)} ${minutesInWords(wanted, requests)}`.trimEnd());
  const { needed, free, fits } = cost.disk;
  const need = Number.isNaN(needed)
    ? `unknown in ${dataDir}`
    : `${inWords(needed)} needed in ${dataDir} (by the days that are stored)`;
  say(`disk      ${need}, ${inWords(free)} free: ${fitInWords(fits)}`);
  say(`time      ${timeInWords(cost.time)}`);
  return { json: { files, requests, ...cost }, exitCode: fits === false ? 1 : 0 };
}

/** The first day of each symbol and type that is refused for a reason. */
function firstRefused(files: readonly PlannedReplay[]): readonly PlannedReplay[] {
  const refused = files.filter(
    ({ status, reason }) => status === "refused" && reason !== undefined,
  );
  return [...byStream(refused).values()].map(([first]) => first!);
}

function dayLine(day: PlannedReplay): string {
  const { status, exchange, symbol, type, date, minutes, bytes, reason } = day;
  const place = `${status.padEnd(7)} ${exchange} ${symbol} ${type} ${date}`;
  if (reason !== undefined) return `${place} ${reason}`;
  if (status !== "new" || minutes === null || bytes === null) return place;
  const all = REQUESTS_A_DAY.toLocaleString("en");
  return `${place} ${minutes.toLocaleString("en")} of ${all} minutes, ${bytes.toLocaleString("en")} bytes`;
}

function minutesInWords(wanted: readonly PlannedReplay[], requests: number): string {
  if (requests > 0) {
    return (
      `in ${requests.toLocaleString("en")} requests of a minute each: nothing was asked, and whether the source has ` +
      "them is known when they are fetched"
    );
  }
  const minutes = wanted.reduce((sum, day) => sum + (day.minutes ?? 0), 0);
  if (minutes === 0) return "";
  return `in ${minutes.toLocaleString("en")} minutes; whether they hold the symbols is known when they are read`;
}

function timeInWords({ seconds, secondsADay }: ReplayCost["time"]): string {
  const types = Object.entries(secondsADay);
  if (types.length === 0) return "none";
  const days = types.map(([type, each]) => {
    return each === null
      ? `no run has measured a day of ${type}`
      : `${durationInWords(each)} a day of ${type}, measured in earlier runs`;
  });
  return `${durationInWords(seconds)}: ${days.join("; ")}`;
}

function fitInWords(fits: boolean | null): string {
  if (fits === null) return "whether it fits is unknown";
  return fits ? "it fits" : "IT DOES NOT FIT";
}
