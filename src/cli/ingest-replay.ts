import { cacheFolder } from "../core/cache.js";
import type { IngestRequest } from "../ingest/plan.js";
import { ingestReplay, type ReplayedPartition } from "../ingest/replay/ingest-replay.js";
import { openReplaySource } from "../ingest/replay/open-slices.js";
import { planReplay, replayCost } from "../ingest/replay/plan-replay.js";
import { recordReplay, replayMeter, secondsADay } from "../ingest/replay/replay-speed.js";
import { freeBytes, requireRoom } from "../ingest/run-cost.js";
import { openStore } from "../store/store.js";
import { requireWritable } from "../store/temporary.js";
import type { CommandContext, CommandResult } from "./command.js";
import { foldLines } from "./fold-lines.js";
import { showReplayPlan } from "./replay-plan.js";

/** What `tickbook ingest --replay` is asked for. */
export interface ReplayRun {
  /** `tardis`, an https address, or a folder of raw minutes. */
  readonly source: string;
  readonly certificate: string | undefined;
  readonly request: IngestRequest;
  readonly isDryRun: boolean;
  readonly verify: boolean;
}

/** `tickbook ingest --replay`: the exchange's own messages into the partitions that the vendor's files would fill. */
export async function runReplay(run: ReplayRun, context: CommandContext): Promise<CommandResult> {
  const { certificate, request } = run;
  const source = await openReplaySource(
    run.source,
    certificate === undefined ? {} : { certificate },
  );
  const store = await openStore(context.dataDir);
  try {
    // A run that verifies hashes what is stored itself.
    const days = await planReplay(store, source, request, { verify: run.isDryRun && run.verify });
    const cache = cacheFolder(process.env);
    const cost = replayCost(days, {
      freeBytes: await freeBytes(store.root),
      secondsADay: secondsADay(cache, source.name),
    });
    if (run.isDryRun) {
      const plan = showReplayPlan(days, cost, context);
      if (cost.bytesToRead !== 0) await requireWritable(store.root);
      return plan;
    }
    requireRoom(cost, context.dataDir);
    const meter = replayMeter();
    const partitions = await ingestReplay(store, source, {
      ...request,
      verify: run.verify,
      maxRejectedShare: context.settings.maxRejectedShare,
      onProgress: (done, total, day) => {
        meter.dayDone(day);
        context.progress(done, total, "replayed days");
      },
    });
    recordReplay(cache, source.name, meter.measured());
    return showResult(partitions, context);
  } finally {
    source.close();
    await store.close();
  }
}

function showResult(
  partitions: readonly ReplayedPartition[],
  { say }: CommandContext,
): CommandResult {
  for (const line of foldLines(partitions, { line: describe, folded: ["kept", "absent"] }))
    say(line);
  const count = (status: string): number =>
    partitions.filter((day) => day.status === status).length;
  const rows = partitions.reduce((sum, day) => sum + day.rows, 0);
  say(
    `${partitions.length} days replayed: ${count("written")} written, ${count("kept")} kept, ` +
      `${count("absent")} absent, ${count("failed")} failed; ${rows.toLocaleString("en")} rows`,
  );
  return { json: { partitions }, exitCode: count("failed") > 0 ? 1 : 0 };
}

function describe(day: ReplayedPartition): string {
  const { status, exchange, symbol, type, date, rows, rejected, missing } = day;
  const place = `${status.padEnd(7)} ${exchange} ${symbol} ${type} ${date}`;
  if (day.reason !== undefined) return `${place} ${day.reason}`;
  if (status === "absent") return place;
  const bad = rejected > 0 ? `, ${rejected} rejected` : "";
  const lost = missing.length > 0 ? `, missing minutes ${missing.join(" ")}` : "";
  return `${place} ${rows.toLocaleString("en")} rows${bad}${lost}`;
}
