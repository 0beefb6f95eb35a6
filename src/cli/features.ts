import { Option } from "commander";
import { exchangeSymbols } from "../core/symbols.js";
import { daysBetween } from "../core/time.js";
import { parseBar } from "../features/bar-length.js";
import { checkFeatures, type FeatureChecks, HORIZONS } from "../features/check/check-features.js";
import { computeFeatures, type FeatureRun } from "../features/compute-features.js";
import { BOOK_SOURCES, type BookSource } from "../market/book-source.js";
import { openStore, type Store } from "../store/store.js";
import { type AddCommand, action, type CommandContext } from "./command.js";
import { featureCheckLines } from "./feature-check-lines.js";

interface Options {
  readonly exchange: string;
  readonly symbols: string;
  readonly from: string;
  readonly to?: string;
  readonly bar: string;
  readonly book?: BookSource;
  readonly check?: boolean;
}

/** `features`: from trades and book to one row of features per bar; exit 1 when a day fails or a check finds a fault. */
export const featuresCommand: AddCommand = (program) => {
  program
    .command("features")
    .description("compute the features of stored days, bar by bar")
    .requiredOption("--exchange <name>", "exchange, as the vendor names it")
    .requiredOption("--symbols <names>", "comma-separated symbols or coins")
    .requiredOption("--from <day>", "first UTC day")
    .option("--to <day>", "day after the last (default: the day after --from)")
    .option("--bar <length>", "length of a bar: 1m, 5m, 1h", "1m")
    .addOption(
      new Option(
        "--book <type>",
        "what the book is made from (default: the first of these that is stored of a symbol)",
      ).choices(BOOK_SOURCES),
    )
    .option(
      "--check",
      "afterwards check them: ranges, what is missing and why, constancy, drift, correlation with later returns, duplicates",
    )
    .action(
      action<Options>(async (_args, options, context) => {
        const { exchange, symbols, from, to, bar, book, check } = options;
        const barUs = parseBar(bar);
        const request = {
          exchange,
          symbols: exchangeSymbols(exchange, symbols),
          days: daysBetween(from, to),
          barUs,
          ...(book === undefined ? {} : { bookSource: book }),
          progress: (done: number, total: number) => context.progress(done, total, "days"),
        };
        const store = await openStore(context.dataDir);
        try {
          const run = await computeFeatures(store, request);
          const checks = check === true ? await checkRun(store, run, barUs, context) : undefined;
          sayRun(run, checks, context);
          const hasFailed = run.partitions.some(({ status }) => status === "failed");
          const hasFault = checks?.findings.some(({ severity }) => severity === "fault") === true;
          return {
            json: checks === undefined ? run : { ...run, checks },
            exitCode: hasFailed || hasFault ? 1 : 0,
          };
        } finally {
          await store.close();
        }
      }),
    );
};

/** Checks the days that have features, at the usual horizons and the one that labels look ahead. */
async function checkRun(
  store: Store,
  run: FeatureRun,
  barUs: number,
  { settings, progress }: CommandContext,
): Promise<FeatureChecks> {
  const there = run.partitions.filter(({ status }) => /written|kept/.test(status));
  const horizons = [...new Set([...HORIZONS, settings.horizonBars])].sort((a, b) => a - b);
  return await checkFeatures(store, there, barUs, {
    horizons,
    latencyUs: settings.latencyMs * 1000,
    progress: (done, total) => progress(done, total, "symbols checked"),
  });
}

function sayRun(
  run: FeatureRun,
  checks: FeatureChecks | undefined,
  { say, settings }: CommandContext,
): void {
  for (const { symbol, date, status, rows, isResumed, reason } of run.partitions) {
    const stream = isResumed ? "goes on from the day before" : "begins a stream";
    say(`${symbol} ${date}: ${status}, ${reason ?? `${rows} bars, ${stream}`}`);
  }
  if (checks !== undefined) {
    for (const line of featureCheckLines(checks, settings.horizonBars)) say(line);
  }
  const { good, usable, bad, unknown } = run.verdicts;
  say(`${run.rows} rows of ${run.columns} features, ${run.eventsPerSecond} events per second`);
  say(`verdicts of the audit: ${good} rows good, ${usable} usable, ${bad} bad, ${unknown} unknown`);
  if (unknown > 0) {
    say("unknown: never audited as they are; run `npx tickbook audit`, then this again");
  }
}
