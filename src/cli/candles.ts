import { OptionError } from "../core/errors.js";
import { exchangeSymbols } from "../core/symbols.js";
import { daysBetween } from "../core/time.js";
import type { CandleGap } from "../ingest/candles/candle-gaps.js";
import type { CandleDay, CandleRun } from "../ingest/candles/candle-run.js";
import { coinbaseClient } from "../ingest/candles/coinbase-client.js";
import { COINBASE, fetchCandles } from "../ingest/candles/fetch-candles.js";
import { importCandles } from "../ingest/candles/import-candles.js";
import { openStore, type Store } from "../store/store.js";
import { type AddCommand, action, type CommandContext } from "./command.js";

interface CandleFlags {
  readonly product: string;
  readonly from?: string;
  readonly to?: string;
  readonly source?: string;
  readonly exchange?: string;
  readonly url?: string;
  readonly verify?: boolean;
}

/** Gaps printed for people; `--json` gives all. */
const SHOWN_GAPS = 20;

/** `tickbook candles`: one-minute candles from Coinbase or a file. */
export const candlesCommand: AddCommand = (program) => {
  program
    .command("candles")
    .description("bring one-minute candles into the store, from Coinbase or a CSV file")
    .requiredOption("--product <names>", "for example BTC,ETH or BTC-USD; one when from a file")
    .option("--from <day>", "first UTC day, yyyy-mm-dd (a file's default: all its days)")
    .option("--to <day>", "day after the last (default: the day after --from)")
    .option("--source <file>", "CSV or csv.gz with time,low,high,open,close,volume instead")
    .option("--exchange <name>", "whose candles the file holds")
    .option("--verify", "hash what is stored again and replace what is damaged")
    .option(
      "--max-rejected-share <share>",
      "share of bad rows above which a day brought in now fails (default: 0.001)",
    )
    .option("--url <address>", "another server that answers as Coinbase's does")
    .action(
      action<CandleFlags>(async (_args, flags, context) => {
        const store = await openStore(context.dataDir);
        try {
          const run = await bringIn(store, flags, context);
          sayRun(run, context.say);
          const hasFailed = run.partitions.some(({ status }) => status === "failed");
          return { json: run, exitCode: hasFailed ? 1 : 0 };
        } finally {
          await store.close();
        }
      }),
    );
};

async function bringIn(
  store: Store,
  flags: CandleFlags,
  { settings, progress }: CommandContext,
): Promise<CandleRun> {
  const options = {
    verify: flags.verify === true,
    maxRejectedShare: settings.maxRejectedShare,
    onProgress: (done: number, total: number): void => progress(done, total, "days"),
  };
  const days = chosenDays(flags);
  const exchange = chosenExchange(flags);
  const symbols = productSymbols(exchange, flags.product);
  if (flags.source !== undefined) {
    const symbol = onlyOne(symbols, flags.product);
    const some = days === undefined ? {} : { days };
    return importCandles(store, flags.source, { ...options, ...some, exchange, symbol });
  }
  if (days === undefined) {
    throw new OptionError({
      column: "--from",
      message: "was left out",
      fix: "give the first day, for example --from 2024-11-01",
    });
  }
  const client = coinbaseClient(flags.url === undefined ? {} : { url: flags.url });
  return fetchCandles(store, client, { ...options, symbols, days });
}

function chosenDays({ from, to }: CandleFlags): readonly string[] | undefined {
  if (from !== undefined) return daysBetween(from, to);
  if (to === undefined) return undefined;
  throw new OptionError({
    column: "--to",
    message: `was "${to}" without --from`,
    fix: "give the first day as well",
  });
}

function chosenExchange({ source, exchange, url }: CandleFlags): string {
  if (source === undefined) {
    if (exchange === undefined || exchange === COINBASE) return COINBASE;
    throw new OptionError({
      column: "--exchange",
      message: `was "${exchange}", whose candles cannot be fetched`,
      fix: "give a file of them with --source, or leave it out for coinbase",
    });
  }
  if (url !== undefined) {
    throw new OptionError({
      column: "--url",
      message: "was given together with --source",
      fix: "leave one of the two out: candles come from a server or from a file",
    });
  }
  if (exchange !== undefined) return exchange;
  throw new OptionError({
    column: "--exchange",
    message: "was left out",
    fix: "say whose candles the file holds, for example --exchange bitfinex",
  });
}

function productSymbols(exchange: string, products: string): readonly string[] {
  try {
    return exchangeSymbols(exchange, products);
  } catch (error) {
    // The table of symbols speaks of the option that other commands have.
    if (!(error instanceof OptionError) || error.place.column !== "--symbols") throw error;
    throw new OptionError({ ...error.place, column: "--product" });
  }
}

function onlyOne(symbols: readonly string[], products: string): string {
  if (symbols.length === 1) return symbols[0]!;
  throw new OptionError({
    column: "--product",
    message: `was "${products}", and a file holds the candles of one`,
    fix: "name that one, for example --product BTC-USD",
  });
}

function sayRun({ rows, gaps, partitions, rejectedRows }: CandleRun, say: Say): void {
  for (const day of partitions) {
    if (day.status !== "kept") say(describeDay(day));
  }
  for (const { line, reason } of rejectedRows) say(`rejected line ${line}: ${reason}`);
  for (const gap of gaps.slice(0, SHOWN_GAPS)) say(describeGap(gap));
  if (gaps.length > SHOWN_GAPS) say(`… ${gaps.length - SHOWN_GAPS} more gaps; --json prints all`);
  const count = (status: string): number =>
    partitions.filter((day) => day.status === status).length;
  const minutes = (kind: string): number =>
    gaps.reduce((sum, gap) => sum + (gap.kind === kind ? gap.minutes : 0), 0);
  const unfinished = count("unfinished") > 0 ? `, ${count("unfinished")} not over yet` : "";
  say(
    `${partitions.length} days: ${count("written")} written, ${count("kept")} kept, ` +
      `${count("absent")} absent, ${count("failed")} failed${unfinished}; ` +
      `${rows.toLocaleString("en")} candles; minutes without one: ${minutes("missing")} missing, ` +
      `${minutes("no trade")} without a trade, ${minutes("unknown")} unknown (no trades at hand)`,
  );
}

type Say = CommandContext["say"];

function describeDay({
  status,
  exchange,
  symbol,
  date,
  rows,
  rejected,
  reason,
}: CandleDay): string {
  const bad = rejected > 0 ? `, ${rejected} rejected` : "";
  const has = status === "written" ? `${rows.toLocaleString("en")} candles${bad}` : "";
  return `${status.padEnd(7)} ${exchange} ${symbol} ${date} ${reason ?? has}`.trimEnd();
}

function describeGap({ symbol, from, to, minutes, kind }: CandleGap): string {
  return `gap ${symbol} ${from} to ${to}: ${minutes} ${minutes === 1 ? "minute" : "minutes"}, ${kind}`;
}
