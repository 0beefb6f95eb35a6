import { dayStartUs } from "../core/time.js";
import { type BookQuoteComparison, bookEqualsQuotes } from "../market/book-equals-quotes.js";
import { Replay } from "../market/replay.js";
import {
  readBookChanges,
  readManifest,
  readQuotes,
  readTrades,
  type SymbolDay,
} from "../store/read.js";
import type { Store } from "../store/store.js";
import type { BookChanges, Quotes, Trades } from "../store/tables.js";
import type { BookCheck } from "./book-state-time.js";
import { clockOffset } from "./clock-offset.js";
import { coverage, coveredTime, wholeDayAbsent } from "./coverage.js";
import { crossedBook } from "./crossed-book.js";
import { duplicateBlock } from "./duplicate-block.js";
import { duplicateIds } from "./duplicate-id.js";
import type { AuditedType, CheckResult, Finding, RowCheck, TimedRows } from "./finding.js";
import { gap } from "./gap.js";
import { type HourVerdict, hourVerdicts } from "./hour-verdict.js";
import { lockedBook } from "./locked-book.js";
import { oneSided } from "./one-sided.js";
import { order } from "./order.js";
import { Pace } from "./pace.js";
import { quoteMismatch } from "./quote-mismatch.js";
import { reconnect } from "./reconnect.js";
import { rejectedRow } from "./rejected-row.js";
import type { AuditSettings } from "./settings.js";

/** What a day of a symbol is worth, and why. */
export interface DayAudit {
  readonly findings: readonly Finding[];
  readonly hours: readonly HourVerdict[];
}

/**
 * Checks one day of a symbol, each of its types read once.
 *
 * @param types - types that the day is expected to have; one that is missing is a finding of coverage
 * @throws {DataError} a partition is damaged
 */
export async function auditDay(
  store: Store,
  day: SymbolDay,
  types: readonly AuditedType[],
  settings: AuditSettings,
): Promise<DayAudit> {
  const findings: Finding[] = [];
  const hours: HourVerdict[] = [];
  const present = new Map<AuditedType, Readonly<Record<string, number>>>();
  for (const type of types) {
    const manifest = await readManifest(store, { ...day, type });
    if (manifest !== undefined) present.set(type, manifest.rejected);
    else findings.push(...wholeDayAbsent(type, dayStartUs(day.date)).findings);
  }
  const streams = startStreams(settings, present.keys());
  const book = await readDay(store, day, streams, settings);
  for (const [type, rejected] of present) {
    const stream = streams.get(type)!;
    const { pace } = stream;
    const dayUs = dayStartUs(day.date);
    const covered = coveredTime(pace, dayUs, settings);
    const results: CheckResult[] = [
      coverage(type, pace, dayUs, settings),
      gap(type, pace, covered, settings),
      rejectedRow(type, rejected, dayUs),
      ...stream.checks.map((check) => check.finish()),
    ];
    if (type === "trades") {
      const byId = await duplicateIds(store, day, pace.messagesByHour, settings);
      results.push(byId ?? stream.duplicates.finish());
    } else {
      results.push(stream.duplicates.finish());
    }
    if (type === "incremental_book_L2") {
      results.push(...book.states.map((check) => check.finish(covered)));
      if (book.comparison !== undefined) {
        results.push(quoteMismatch(book.comparison, covered.keys(), settings));
      }
    }
    findings.push(...results.flatMap((result) => result.findings));
    const marks = results.flatMap((result) => result.marks);
    hours.push(...hourVerdicts(type, covered.keys(), marks));
  }
  return { findings, hours };
}

/** The checks of one type. */
interface Stream {
  readonly pace: Pace;
  readonly checks: readonly RowCheck<never>[];
  readonly duplicates: RowCheck<never>;
}

type Streams = ReadonlyMap<AuditedType, Stream>;

function startStreams(settings: AuditSettings, types: Iterable<AuditedType>): Streams {
  const shared = (type: AuditedType): Pick<Stream, "pace"> & { checks: RowCheck[] } => ({
    pace: new Pace(settings.gap[type]),
    checks: [order(type, settings), clockOffset(type, settings)],
  });
  const make: Readonly<Record<AuditedType, () => Stream>> = {
    trades: () => ({
      ...shared("trades"),
      duplicates: duplicateBlock<Trades>(
        "trades",
        (rows) => [rows.side, rows.price, rows.amount],
        settings,
      ),
    }),
    incremental_book_L2: () => {
      const { pace, checks } = shared("incremental_book_L2");
      return {
        pace,
        checks: [...checks, reconnect(settings)],
        duplicates: duplicateBlock<BookChanges>(
          "incremental_book_L2",
          (rows) => [rows.isSnapshot, rows.side, rows.price, rows.amount],
          settings,
        ),
      };
    },
    quotes: () => ({
      ...shared("quotes"),
      duplicates: duplicateBlock<Quotes>(
        "quotes",
        (rows) => [rows.bidPrice, rows.bidAmount, rows.askPrice, rows.askAmount],
        settings,
      ),
    }),
  };
  return new Map([...types].map((type) => [type, make[type]()]));
}

/** What was learnt of the book's states. */
interface BookAudit {
  readonly states: readonly BookCheck[];
  readonly comparison: BookQuoteComparison | undefined;
}

/** Feeds the day to its streams; book changes go through the book on their way to the comparison with the quotes. */
async function readDay(
  store: Store,
  day: SymbolDay,
  streams: Streams,
  settings: AuditSettings,
): Promise<BookAudit> {
  const trades = streams.get("trades");
  if (trades !== undefined) for await (const _ of watched(readTrades(store, day), trades));
  const states = [crossedBook(settings), lockedBook(settings), oneSided(settings)];
  const changes = streams.get("incremental_book_L2");
  const quotes = streams.get("quotes");
  const quoteRows = quotes === undefined ? [] : watched(readQuotes(store, day), quotes);
  if (changes === undefined) {
    for await (const _ of quoteRows);
    return { states, comparison: undefined };
  }
  const replay = new Replay({
    onTrade: () => {},
    onBook: (localUs, book) => {
      for (const check of states) check.update(localUs, book);
    },
  });
  const rows = throughBook(watched(readBookChanges(store, day), changes), replay);
  const comparison = await bookEqualsQuotes(rows, quoteRows, { withStanding: true });
  replay.finish();
  return { states, comparison };
}

async function* watched<Rows extends TimedRows>(
  batches: AsyncIterable<Rows>,
  { pace, checks, duplicates }: Stream,
): AsyncGenerator<Rows> {
  for await (const batch of batches) {
    pace.update(batch.localTimestampUs);
    for (const check of [...checks, duplicates]) (check as RowCheck<Rows>).update(batch);
    yield batch;
  }
}

async function* throughBook(
  batches: AsyncIterable<BookChanges>,
  replay: Replay,
): AsyncGenerator<BookChanges> {
  for await (const batch of batches) {
    await replay.run({ bookChanges: [batch] });
    yield batch;
  }
}
