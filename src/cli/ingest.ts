import { cacheFolder } from "../core/cache.js";
import { OptionError } from "../core/errors.js";
import { exchangeSymbols } from "../core/symbols.js";
import { daysBetween } from "../core/time.js";
import { type IngestedPartition, ingest } from "../ingest/ingest.js";
import { defaultJobs, mostJobs } from "../ingest/jobs-at-once.js";
import { readSpeeds, recordSpeeds, speedMeter } from "../ingest/measured-speed.js";
import { openSource } from "../ingest/open-source.js";
import { type IngestRequest, type PlannedFile, planIngest } from "../ingest/plan.js";
import { freeBytes, type RunCost, requireRoom, runCost } from "../ingest/run-cost.js";
import { VENDOR_TYPES } from "../ingest/server-source.js";
import type { Source } from "../ingest/source.js";
import { openStore, type Store } from "../store/store.js";
import { requireWritable } from "../store/temporary.js";
import { type AddCommand, action, type CommandContext, type CommandResult } from "./command.js";
import { foldLines } from "./fold-lines.js";
import { replacedInWords, requireSomething, showPlan } from "./ingest-plan.js";
import { runReplay } from "./ingest-replay.js";

interface IngestFlags {
  readonly source: string;
  readonly exchange: string;
  readonly symbols: string;
  readonly types?: string;
  readonly from: string;
  readonly to?: string;
  readonly dryRun?: boolean;
  readonly verify?: boolean;
  readonly certificate?: string;
  readonly jobs?: string;
  readonly replay?: boolean;
}

/** Before a run, a server is asked for so many sizes at most, to see whether it fits. */
const ROOM_ASKED_FILES = 60;

/** `tickbook ingest`: vendor files into verified Parquet. */
export const ingestCommand: AddCommand = (program) => {
  program
    .command("ingest")
    .description("bring vendor files (csv.gz) into the store as verified Parquet")
    .requiredOption("--source <source>", "mirror folder, https address of a server, or tardis")
    .requiredOption("--exchange <name>", "the vendor's name, for example binance")
    .requiredOption("--symbols <names>", "for example BTC,ETH or BTCUSDT")
    .option(
      "--types <names>",
      "data types (default: all that the source has; of tardis, and with --replay, " +
        `${VENDOR_TYPES.join(", ")})`,
    )
    .requiredOption("--from <day>", "first UTC day, yyyy-mm-dd")
    .option("--to <day>", "day after the last (default: the day after --from)")
    .option("--replay", "replay the exchange's own messages instead of fetching files")
    .option(
      "--dry-run",
      "only say what would be fetched, the disk it needs and how long it takes; " +
        "only the run finds a mirror's file that changed but kept its size",
    )
    .option("--verify", "hash what is stored again and replace what is damaged")
    .option("--certificate <file>", "PEM file of a server's certificate to trust in this run")
    .option(
      "--max-rejected-share <share>",
      "share of bad rows above which a file brought in now fails (default: 0.001)",
    )
    .option(
      "--jobs <number>",
      "files in work at once, no more than half of the memory holds " +
        "(default: one a processor, fewer where memory is short); not with --replay",
    )
    .action(action<IngestFlags>((_, flags, context) => run(flags, context)));
};

async function run(flags: IngestFlags, context: CommandContext): Promise<CommandResult> {
  const request: IngestRequest = {
    exchange: flags.exchange,
    symbols: exchangeSymbols(flags.exchange, flags.symbols),
    days: daysBetween(flags.from, flags.to),
    ...(flags.types === undefined ? {} : { types: chosenTypes(flags.types) }),
  };
  const jobs = jobsOf(flags.jobs);
  if (flags.replay === true) {
    requireReplayable(flags);
    const { source, certificate, dryRun: isDryRun = false, verify = false } = flags;
    return runReplay({ source, certificate, request, isDryRun, verify }, context);
  }
  const source = await openSource(
    flags.source,
    flags.certificate === undefined ? {} : { certificate: flags.certificate },
  );
  const store = await openStore(context.dataDir);
  const work = { store, source, request, jobs, verify: flags.verify === true, context };
  try {
    return flags.dryRun === true ? await dryRun(work) : await bringIn(work);
  } finally {
    source.close();
    await store.close();
  }
}

interface Work {
  readonly store: Store;
  readonly source: Source;
  readonly request: IngestRequest;
  readonly jobs: number;
  readonly verify: boolean;
  readonly context: CommandContext;
}

async function dryRun(work: Work): Promise<CommandResult> {
  const { files, cost } = await planned(work, { verify: work.verify });
  requireSomething(files, work.source.name);
  const plan = showPlan(files, cost, work.context);
  if (cost.bytesToFetch !== 0) await requireWritable(work.store.root);
  return plan;
}

/** What a run would fetch and need. */
async function planned(
  { store, source, request, jobs, context }: Work,
  options: { readonly verify?: boolean; readonly askedFiles?: number },
): Promise<{ readonly files: readonly PlannedFile[]; readonly cost: RunCost }> {
  const files = await planIngest(store, source, request, {
    ...options,
    onProgress: (done, total) => context.progress(done, total, "files looked up"),
  });
  const speeds = readSpeeds(cacheFolder(process.env));
  const conditions = { source, jobs, speeds, freeBytes: await freeBytes(store.root) };
  return { files, cost: runCost(files, conditions) };
}

async function bringIn(work: Work): Promise<CommandResult> {
  const { store, request, jobs, verify, context } = work;
  // What is stored is hashed by the run itself.
  requireRoom((await planned(work, { askedFiles: ROOM_ASKED_FILES })).cost, context.dataDir);
  const meter = speedMeter(work.source);
  const partitions = await ingest(store, meter.source, {
    ...request,
    verify,
    jobs,
    maxRejectedShare: context.settings.maxRejectedShare,
    onProgress: (done, total, file) => {
      meter.fileDone(file);
      context.progress(done, total, "files");
    },
  });
  recordSpeeds(cacheFolder(process.env), work.source.name, meter.measured());
  for (const line of foldLines(partitions, { line: describe, folded: ["kept", "absent"] })) {
    context.say(line);
  }
  const count = (status: string): number =>
    partitions.filter((file) => file.status === status).length;
  const rows = partitions.reduce((sum, file) => sum + file.rows, 0);
  context.say(
    `${partitions.length} files: ${count("written")} written, ${count("kept")} kept, ` +
      `${count("absent")} absent, ${count("failed")} failed; ${rows.toLocaleString("en")} rows`,
  );
  return { json: { partitions }, exitCode: count("failed") > 0 ? 1 : 0 };
}

function describe(file: IngestedPartition): string {
  const { status, exchange, symbol, type, date, rows, rejected } = file;
  const none = rows + rejected === 0 ? ": the file says that there is nothing of this day" : "";
  const bad = rejected > 0 ? `, ${rejected} rejected` : "";
  const old = replacedInWords(file);
  const what =
    file.reason ??
    (status === "absent" ? "" : `${rows.toLocaleString("en")} rows${bad}${none}${old}`);
  return `${status.padEnd(7)} ${exchange} ${symbol} ${type} ${date} ${what}`.trimEnd();
}

function chosenTypes(list: string): readonly string[] {
  const types = list
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  if (types.length > 0) return types;
  throw new OptionError({
    column: "--types",
    message: `was "${list}", which names no data type`,
    fix: "name at least one, for example trades,quotes, or leave it out for all the source has",
  });
}

function jobsOf(text: string | undefined): number {
  if (text === undefined) return defaultJobs();
  const most = mostJobs();
  const jobs = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (jobs >= 1 && jobs <= most) return jobs;
  throw new OptionError({
    column: "--jobs",
    message: `was "${text}", expected a number from 1 to ${most}, which is what half of the memory holds`,
    fix: `leave it out for ${defaultJobs()}`,
  });
}

/** Refuses what a replay would pass over or ask for in vain. */
function requireReplayable({ jobs, symbols }: IngestFlags): void {
  if (jobs !== undefined) {
    throw new OptionError({
      column: "--jobs",
      message: "was given with --replay, which takes one day after another",
      fix: "leave it out",
    });
  }
  if (!/[/:]/.test(symbols)) return;
  throw new OptionError({
    column: "--symbols",
    message: `was "${symbols}", and a replay cannot ask for a symbol with / or :`,
    fix: "leave out --replay for the vendor's file of it, whose name has - instead",
  });
}
