import { audit } from "../audit/audit.js";
import { loadAuditSettings } from "../audit/load-settings.js";
import { exchangeSymbols } from "../core/symbols.js";
import { daysBetween } from "../core/time.js";
import { changedThresholds } from "../reporting/thresholds-table.js";
import { openStore } from "../store/store.js";
import { findingLines, hourLines, nextLine, verdictLine } from "./audit-text.js";
import { type AddCommand, action } from "./command.js";
import { compareAndSay, requireCandleSource } from "./compare-sources.js";

interface Options {
  readonly exchange: string;
  readonly symbols: string;
  readonly from: string;
  readonly to?: string;
  readonly compare?: string | true;
}

/** `audit`: quality checks and a verdict per hour; exit 1 when the data is bad. */
export const auditCommand: AddCommand = (program) => {
  program
    .command("audit")
    .description("check the quality of stored data; a verdict per hour")
    .requiredOption("--exchange <name>", "exchange, as the vendor names it")
    .requiredOption("--symbols <names>", "comma-separated symbols or coins")
    .requiredOption("--from <day>", "first UTC day")
    .option("--to <day>", "day after the last (default: the day after --from)")
    .option(
      "--compare [exchange]",
      "hold the ticks against that exchange's stored one-minute candles too (default: those that are there)",
    )
    .action(
      action<Options>(async (_args, { exchange, symbols, from, to, compare }, context) => {
        const request = {
          exchange,
          symbols: exchangeSymbols(exchange, symbols),
          days: daysBetween(from, to),
        };
        requireCandleSource(request, compare);
        const settings = loadAuditSettings();
        const store = await openStore(context.dataDir);
        try {
          const result = await audit(store, {
            ...request,
            settings,
            onProgress: (done, total) => context.progress(done, total, "days"),
          });
          for (const line of [verdictLine(result), "", ...findingLines(result)]) context.say(line);
          for (const line of hourLines(result)) context.say(line);
          const sources =
            compare === undefined
              ? {}
              : { comparison: await compareAndSay(store, request, compare, context) };
          context.say(nextLine(result));
          context.say(`verdict: ${result.verdict}`);
          const changed = changedThresholds(settings);
          const inForce = changed === undefined ? {} : { settings: changed };
          return {
            json: { ...result, ...inForce, ...sources },
            exitCode: result.verdict === "bad" ? 1 : 0,
          };
        } finally {
          await store.close();
        }
      }),
    );
};
