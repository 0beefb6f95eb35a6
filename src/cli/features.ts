import { exchangeSymbols } from "../core/symbols.js";
import { daysBetween } from "../core/time.js";
import { parseBar } from "../features/bar-length.js";
import { checkFeatures, type FeatureCheck } from "../features/check-features.js";
import { computeFeatures, type FeatureRun } from "../features/compute-features.js";
import { openStore } from "../store/store.js";
import { type AddCommand, action } from "./command.js";

interface Options {
  readonly exchange: string;
  readonly symbols: string;
  readonly from: string;
  readonly to?: string;
  readonly bar: string;
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
    .option("--check", "afterwards check ranges and count what is missing, by cause")
    .action(
      action<Options>(async (_args, { exchange, symbols, from, to, bar, check }, context) => {
        const barUs = parseBar(bar);
        const request = {
          exchange,
          symbols: exchangeSymbols(exchange, symbols),
          days: daysBetween(from, to),
          barUs,
          progress: (done: number, total: number) => context.progress(done, total, "days"),
        };
        const store = await openStore(context.dataDir);
        try {
          const run = await computeFeatures(store, request);
          const there = run.partitions.filter(({ status }) => /written|kept/.test(status));
          const checks = check === true ? await checkFeatures(store, there, barUs) : undefined;
          sayRun(run, checks ?? [], context.say);
          const hasFailed = run.partitions.some(({ status }) => status === "failed");
          const hasFault = checks?.some(({ outside, wrongBits }) => outside + wrongBits > 0);
          return {
            json: checks === undefined ? run : { ...run, checks },
            exitCode: hasFailed || hasFault === true ? 1 : 0,
          };
        } finally {
          await store.close();
        }
      }),
    );
};

function sayRun(
  run: FeatureRun,
  checks: readonly FeatureCheck[],
  say: (line: string) => void,
): void {
  for (const { symbol, date, status, rows, isResumed, reason } of run.partitions) {
    const stream = isResumed ? "goes on from the day before" : "begins a stream";
    say(`${symbol} ${date}: ${status}, ${reason ?? `${rows} bars, ${stream}`}`);
  }
  for (const { name, least, largest, outside, wrongBits, missing } of checks) {
    const share = (value: number): string => `${(100 * value).toFixed(1)} %`;
    say(
      `${name}: ${least} to ${largest}, ${outside} outside their range, ${wrongBits} wrong mask bits; ` +
        `missing for no depth ${share(missing.noDepth)}, no book ${share(missing.noBook)}, ` +
        `no trade ${share(missing.noTrade)}, warm-up ${share(missing.warmUp)}`,
    );
  }
  const { good, usable, bad, unknown } = run.verdicts;
  say(`${run.rows} rows of ${run.columns} features, ${run.eventsPerSecond} events per second`);
  say(`verdicts of the audit: ${good} rows good, ${usable} usable, ${bad} bad, ${unknown} unknown`);
  if (unknown > 0) {
    say("unknown: never audited as they are; run `npx tickbook audit`, then this again");
  }
}
