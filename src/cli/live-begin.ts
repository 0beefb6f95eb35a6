// Where do a run's events come from, and from what does each symbol go on?
import { OptionError } from "../core/errors.js";
import { SIMULATED_EXCHANGE } from "../core/symbols.js";
import { dateOf, dayStartUs, daysBetween } from "../core/time.js";
import { serverAddress } from "../runtime/feed/server-address.js";
import { endOfReplay, storeFeed } from "../runtime/feed/store-feed.js";
import { type StoredStart, storedStart, streamStart } from "../runtime/feed/stored-start.js";
import { streamFeed } from "../runtime/feed/stream-feed.js";
import type { LiveRequest } from "../runtime/live-run.js";
import type { RunSettings } from "../runtime/loop/run-settings.js";
import type { LiveModel } from "../runtime/signal/live-model.js";
import type { Store } from "../store/store.js";
import { requireStored } from "./require-stored.js";

/** What the command line says of a feed. */
interface FeedOptions {
  readonly feed: "replay" | "stream";
  readonly from?: string;
  readonly to?: string;
  readonly url?: string;
}

/** A feed and what its markets begin with. */
type LiveBegin = Pick<LiveRequest, "source" | "starts" | "beginUs"> & {
  readonly untilUs?: number;
};

/** Whose words a local exchange speaks that plays simulated days. */
const SIMULATED_WORDS = "coinbase";

/**
 * Finds out what a run begins with.
 *
 * @throws {OptionError} an option is missing, or is one of the other feed; nothing is stored of the days of a replay
 * @throws {DataError} a partition is damaged
 */
export async function liveBegin(
  store: Store,
  options: FeedOptions,
  {
    settings: { exchange, symbols },
    model: { barUs, steps },
  }: {
    readonly settings: Pick<RunSettings, "exchange" | "symbols">;
    readonly model: Pick<LiveModel, "barUs" | "steps">;
  },
): Promise<LiveBegin> {
  const starts: StoredStart[] = [];
  if (options.feed === "replay") {
    const days = replayedDays(options);
    const [date] = days as [string];
    await requireStored(store, { exchange, symbols, days });
    for (const symbol of symbols) {
      starts.push(await storedStart(store, { exchange, symbol, date, barUs, steps }));
    }
    const source = storeFeed(store, { exchange, days });
    const untilUs = await endOfReplay(store, { exchange, symbols, days });
    const until = untilUs === undefined ? {} : { untilUs };
    return { source, starts, beginUs: dayStartUs(date), ...until };
  }
  const url = socketOf(options, exchange);
  const from = recordedFrom(options);
  const nowUs = 1000 * Date.now();
  for (const symbol of symbols) {
    const request = { exchange, symbol, date: from ?? dateOf(nowUs), barUs, steps };
    // A live stream begins in the middle of a day: what the store knows of yesterday is too long ago.
    starts.push(await streamStart(store, request, { isCold: from === undefined }));
  }
  const vendorName = exchange === SIMULATED_EXCHANGE ? SIMULATED_WORDS : exchange;
  const source = streamFeed({
    exchange: vendorName,
    symbols,
    ...(url === undefined ? {} : { url }),
  });
  return { source, starts, beginUs: from === undefined ? nowUs : dayStartUs(from) };
}

function socketOf({ url }: FeedOptions, exchange: string): string | undefined {
  if (exchange !== SIMULATED_EXCHANGE || url !== undefined) return url;
  throw new OptionError({
    column: "--url",
    message: "was not given, and nobody streams the simulated exchange",
    fix: "play its days with `npx tickbook serve DIR --socket` and give the address that it prints",
  });
}

/**
 * The days of a replay.
 *
 * @throws {OptionError} none are given, they are none, or what is given belongs to a stream
 */
export function replayedDays({ from, to, url }: FeedOptions): readonly string[] {
  if (url !== undefined) throw misplaced("--url", "a replay", "leave it out, or use --feed stream");
  if (from !== undefined) return daysBetween(from, to);
  throw new OptionError({
    column: "--from",
    message: "was not given, and a replay has to begin somewhere",
    fix: "give the first day, for example --from 2024-11-01",
  });
}

/** The day that a recording begins with; none of an exchange, which streams now. */
function recordedFrom({ from, to, url }: FeedOptions): string | undefined {
  if (to !== undefined) {
    throw misplaced("--to", "a stream", "stop it with Ctrl-C, or use --feed replay");
  }
  if (from === undefined) return undefined;
  const day = daysBetween(from)[0]!;
  if (url !== undefined && serverAddress(url).sendsWholeBooks) return day;
  throw new OptionError({
    column: "--from",
    message: `was ${from}, and what is streamed now begins now`,
    fix: "leave it out, use --feed replay, or give a recording's --url as `npx tickbook serve DIR --socket` prints it",
  });
}

function misplaced(column: string, feed: string, fix: string): OptionError {
  return new OptionError({ column, message: `was given for ${feed}, which does not have it`, fix });
}
