import { expect, test } from "vitest";
import {
  BAR_US,
  changeColumns,
  concat,
  type Market,
  rowsBefore,
  START_US,
  slice,
} from "../../features/test-market.js";
import { Replay } from "../../market/replay.js";
import type { BookChanges } from "../../store/tables.js";
import type { FeedSource } from "../feed/feed.js";
import type { FeedEvent } from "../feed/feed-event.js";
import { StreamFeed } from "../feed/stream-feed.js";
import { broughtStream } from "../feed/test-feed.js";
import type { SessionState } from "./session-state.js";
import {
  ENGINE,
  MemoryJournal,
  markets,
  memoryFeed,
  SYMBOLS,
  testRun,
  timeless,
} from "./test-run.js";

const BARS = 240;
const FROM_US = START_US + 80 * BAR_US;
const TO_US = START_US + 140 * BAR_US;
const STALE_US = ENGINE.staleAfterUs!;
const TOO_OLD = "a position's price is too old";

/** A book's rows without those of a time in which other ones take their place. */
function replaced(
  book: BookChanges,
  {
    fromUs,
    toUs,
    by,
  }: { readonly fromUs: number; readonly toUs: number; readonly by: BookChanges },
): BookChanges {
  const before = slice(book, 0, rowsBefore(book, fromUs));
  return concat(concat(before, by), slice(book, rowsBefore(book, toUs)));
}

const NONE = changeColumns([]);

/** When the first snapshot comes from a time on. */
function snapshotFrom({ isSnapshot, localTimestampUs }: BookChanges, timeUs: number): number {
  return localTimestampUs.find((time, i) => time >= timeUs && isSnapshot[i] === 1)!;
}

/** The first symbol's book is silent until a snapshot. */
function silent(): readonly Market[] {
  const [first, second] = markets(BARS) as [Market, Market];
  const toUs = snapshotFrom(first.bookChanges, TO_US);
  const bookChanges = replaced(first.bookChanges, { fromUs: FROM_US, toUs, by: NONE });
  return [{ ...first, bookChanges }, second];
}

/** A bid far above all asks stands in the first symbol's book until a snapshot. */
function crossed(): readonly Market[] {
  const [first, second] = markets(BARS) as [Market, Market];
  const { bookChanges: book } = first;
  const toUs = snapshotFrom(book, TO_US);
  const bid = { isSnapshot: false, side: 1, price: 5000, amount: 1 } as const;
  const during = slice(book, rowsBefore(book, FROM_US), rowsBefore(book, toUs));
  const rows = Array.from(during.price, (price, i) => ({
    ...{ timeUs: during.localTimestampUs[i]!, isSnapshot: false, price },
    side: during.side[i] === 1 ? (1 as const) : (-1 as const),
    amount: during.amount[i]!,
  }));
  const by = changeColumns([{ ...bid, timeUs: rows[0]!.timeUs }, ...rows]);
  return [{ ...first, bookChanges: replaced(book, { fromUs: FROM_US, toUs, by }) }, second];
}

/** A feed whose connection is lost at a time. */
function losing(all: readonly Market[], atUs: number): FeedSource {
  const events = memoryFeed(all);
  return {
    canRewind: true,
    open: async (fed, keeper, fromUs) => {
      let isLost = fromUs > atUs;
      const watching = {
        onTime: (localUs: number): void => {
          if (!isLost && localUs >= atUs) {
            isLost = true;
            keeper.onDisconnect(atUs);
          }
          keeper.onTime(localUs);
        },
        isPaused: () => keeper.isPaused(),
      };
      return events.open(fed, Object.assign(Object.create(keeper), watching), fromUs);
    },
  };
}

/** When each state of a symbol's book with a price came. */
async function pricedUs({ bookChanges }: Market, lostUs = Number.NaN): Promise<readonly number[]> {
  const times: number[] = [];
  const replay = new Replay({
    onTrade: () => {},
    onBook: (localUs, book) => {
      if (book.isOrdered()) times.push(localUs);
    },
  });
  await replay.run({ bookChanges: [bookChanges] });
  replay.finish();
  const backUs = snapshotFrom(bookChanges, lostUs);
  return times.filter((time) => !(time >= lostUs && time < backUs));
}

/** What was held of each symbol after the fills before a time. */
function heldAt(journal: MemoryJournal, timeUs: number): readonly number[] {
  return SYMBOLS.map((symbol) =>
    journal
      .of("fill")
      .filter((fill) => fill.symbol === symbol && fill.atUs < timeUs)
      .reduce((sum, { amount }) => sum + amount, 0),
  );
}

const CASES: readonly (readonly [string, readonly Market[], number | undefined])[] = [
  ["silent", silent(), undefined],
  ["crossed", crossed(), undefined],
  ["unknown after a lost connection", markets(BARS), FROM_US],
];

const sourceOf = (all: readonly Market[], lostUs: number | undefined): FeedSource =>
  lostUs === undefined ? memoryFeed(all) : losing(all, lostUs);

test.each(CASES)(
  "while the book of something held is %s for too long nothing is entered anywhere, and exits go on",
  async (_, all, lostUs) => {
    const journal = new MemoryJournal();
    await (await testRun(all, journal, { source: sourceOf(all, lostUs) })).run();
    const priced = await Promise.all(all.map((market) => pricedUs(market, lostUs)));
    const isOld = (timeUs: number): boolean =>
      heldAt(journal, timeUs).some((amount, i) => {
        const lastUs = priced[i]!.filter((time) => time < timeUs).at(-1)!;
        return Math.abs(amount) > 1e-9 && timeUs - lastUs > STALE_US;
      });
    let [old, told, exits] = [0, 0, 0];
    for (const { symbol, barEndUs, side, reason } of journal.of("decision")) {
      if (!isOld(barEndUs)) {
        expect(reason).not.toContain(TOO_OLD);
        continue;
      }
      old++;
      expect(side).toBe(0);
      if (reason === `risk: ${TOO_OLD}`) told++;
      const orders = journal
        .of("order")
        .filter((order) => order.symbol === symbol && order.barEndUs === barEndUs);
      expect(orders.every(({ purpose }) => purpose === "exit")).toBe(true);
      exits += orders.length;
    }
    expect(old).toBeGreaterThan(60);
    if (lostUs === undefined) {
      // Of the other symbol, whose book is whole.
      expect(told).toBeGreaterThan(10);
      expect(exits).toBeGreaterThan(0);
    }
    // Each time is told once when it begins and once when it ends.
    const names = journal
      .of("risk")
      .filter(({ name }) => name === "reduce-only" || name === "ok")
      .map(({ name }) => name);
    expect(names.length).toBeLessThan(12);
    names.forEach((name, i) => {
      expect(name).toBe(i % 2 === 0 ? "reduce-only" : "ok");
    });
  },
);

test.each(CASES)(
  "a run that goes on while a book is %s is as one that was never stopped",
  async (_, all, lostUs) => {
    const source = sourceOf(all, lostUs);
    const whole = new MemoryJournal();
    const states: SessionState[] = [];
    let bar = 0;
    const run = await testRun(all, whole, {
      source,
      onBar: async (_barEndUs, save) => {
        if (bar++ % 20 === 10) states.push(JSON.parse(JSON.stringify(save())));
      },
    });
    await run.run();
    const during = states.filter(({ desk }) => desk.risk.reason === TOO_OLD);
    expect(during.length).toBeGreaterThan(1);
    for (const saved of [...during, ...states.slice(3, 5)]) {
      const journal = new MemoryJournal();
      await (await testRun(all, journal, { source, saved })).run();
      const later = new Map([...journal.records].map(([key, record]) => [key, timeless(record)]));
      for (const [key, record] of later) expect(record).toEqual(timeless(whole.records.get(key)!));
      const after = [...whole.records.values()].filter(
        (record) => record.kind === "decision" && record.barEndUs > saved.barEndUs,
      );
      expect(journal.of("decision")).toHaveLength(after.length);
      const risks = whole.of("risk").filter(({ atUs }) => atUs > saved.nextUs);
      expect(journal.of("risk").filter(({ atUs }) => atUs > saved.nextUs)).toEqual(risks);
    }
  },
);

/** Markets as a stream tells them: a message an arrival time. */
function streamed(all: readonly Market[]): FeedSource {
  const events = all.flatMap(({ trades, bookChanges }, i): FeedEvent[] => {
    const symbol = SYMBOLS[i]!;
    const traded = Array.from(trades.price, (price, k): FeedEvent => {
      const [localUs, exchangeUs] = [trades.localTimestampUs[k]!, trades.timestampUs[k]!];
      const [side, amount] = [trades.side[k]!, trades.amount[k]!];
      return { ...{ kind: "trade", symbol, localUs, exchangeUs, id: "" }, side, price, amount };
    });
    const times = [...new Set(bookChanges.localTimestampUs)];
    const changed = times.map((localUs): FeedEvent => {
      const from = rowsBefore(bookChanges, localUs);
      const rows = slice(bookChanges, from, rowsBefore(bookChanges, localUs + 1));
      const isSnapshot = rows.isSnapshot[0] === 1;
      return { ...{ kind: "book", symbol, localUs, exchangeUs: localUs, isSnapshot }, rows };
    });
    return [...traded, ...changed];
  });
  events.sort((a, b) => a.localUs - b.localUs);
  events.push({ kind: "end", localUs: events.at(-1)!.localUs });
  const stream = broughtStream(events);
  return {
    canRewind: false,
    open: async (fed, keeper) => new StreamFeed(stream, fed, keeper, undefined),
  };
}

test.each(CASES.slice(0, 2))(
  "a stream of the same events decides the same while a book is %s",
  async (_, all) => {
    const [replay, stream] = [new MemoryJournal(), new MemoryJournal()];
    await (await testRun(all, replay)).run();
    await (await testRun(all, stream, { source: streamed(all) })).run();
    expect(replay.of("risk").map(({ detail }) => detail)).toContain(TOO_OLD);
    const told = (journal: MemoryJournal) => [...journal.records.values()].map(timeless);
    expect(told(stream)).toEqual(told(replay));
  },
);
