import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { START_US } from "../../features/test-market.js";
import type { ConnectionFacts, FeedSource } from "../feed/feed.js";
import { liveRun } from "../live-run.js";
import type { MonitorBoard } from "../monitor/monitor-board.js";
import type { MonitorState } from "../monitor/monitor-state.js";
import { busyConnection, emptyBoard } from "../monitor/test-board.js";
import type { OpenRun } from "./open-run.js";
import { NO_WATCHER, type RunWatcher } from "./run-watcher.js";
import {
  ENGINE,
  MemoryJournal,
  MODEL,
  markets,
  memoryFeed,
  SETTINGS,
  SYMBOLS,
  testRun,
  timeless,
} from "./test-run.js";
import { showRun, whileShown } from "./watch-run.js";

const root = mkdtempSync(path.join(tmpdir(), "tickbook-watch-"));

afterEach(() => rmSync(root, { recursive: true, force: true }));

const all = markets(60);

function show(board: MonitorBoard, run: OpenRun): void {
  showRun(board, run, SETTINGS, {
    ...{ journal: { isUp: true, waiting: 0 }, halted: "" },
    connection: busyConnection(),
  });
}

test("a run that is shown at every event decides as one that nobody looks at", async () => {
  const { board } = emptyBoard({ symbols: SYMBOLS });
  const [alone, shown] = [new MemoryJournal(), new MemoryJournal()];
  const states: string[] = [];
  const onBar = async (_: number, save: () => unknown): Promise<void> => {
    states.push(JSON.stringify(save()));
  };
  await (await testRun(all, alone, { onBar })).run();
  const unseen = states.splice(0);
  let run: OpenRun | undefined;
  const watcher: RunWatcher = {
    record: (record) => board.record(record),
    journalTook: () => {},
    event: (symbol, atUs) => {
      board.event(symbol, atUs);
      if (run !== undefined) show(board, run);
    },
  };
  run = await testRun(all, shown, { onBar, watcher });
  await run.run();
  const told = ({ records }: MemoryJournal) => [...records.values()].map(timeless);
  expect(told(shown)).toEqual(told(alone));
  expect(told(shown).length).toBeGreaterThan(300);
  expect(states).toEqual(unseen);
});

test("between two bars the board has the book's mid, the position's worth and the account's", async () => {
  const { board } = emptyBoard({ symbols: SYMBOLS });
  const seen = new Set<string>();
  let [bars, moved] = [0, 0];
  let run: OpenRun | undefined;
  const event = (): void => {
    if (run === undefined) return;
    show(board, run);
    const { positions, account, connection } = board.snapshot();
    expect(connection).toMatchObject({ losses: 2 });
    const { equityUsd, balanceUsd } = run.desk.value();
    expect(account).toMatchObject({ equityUsd, balanceUsd });
    for (const { symbol, mid, floatingUsd } of positions) {
      expect(mid).toBe(run.markets[SYMBOLS.indexOf(symbol)]!.book.mid());
      const now = `${bars} ${symbol}`;
      if (seen.has(now) && !seen.has(`${now} ${floatingUsd}`)) moved++;
      seen.add(now).add(`${now} ${floatingUsd}`);
    }
  };
  run = await testRun(all, new MemoryJournal(), {
    watcher: { ...NO_WATCHER, event },
    onBar: async () => {
      bars++;
    },
  });
  await run.run();
  expect(moved).toBeGreaterThan(50);
});

test("work is shown before, again and again meanwhile, and not after, also where it fails", async () => {
  let times = 0;
  const look = (): void => {
    times++;
  };
  expect(await whileShown(look, () => sleep(120, "done"), { everyMs: 20 })).toBe("done");
  expect(times).toBeGreaterThan(2);
  const failing = whileShown(look, () => Promise.reject(new Error("broke")), { everyMs: 20 });
  await expect(failing).rejects.toThrow("broke");
  const after = times;
  await sleep(60);
  expect(times).toBe(after);
});

/** A feed over a connection that stands still in the midst of a bar: events come one by one, and no bar ends. */
function stuckFeed(bars: number, connection: ConnectionFacts): FeedSource {
  const inner = memoryFeed(all);
  return {
    canRewind: false,
    connection: () => connection,
    open: async (fed, keeper, fromUs) => {
      const stuckUs = START_US + bars * 1e6 + 3e5;
      const endUs = START_US + (bars + 1) * 1e6;
      let nowUs = fromUs;
      const feed = await inner.open(
        fed,
        {
          onTime: (localUs) => {
            nowUs = localUs;
            if (localUs < endUs) keeper.onTime(localUs);
          },
          isPaused: () => nowUs >= stuckUs || keeper.isPaused(),
          onDisconnect: (localUs) => keeper.onDisconnect(localUs),
          onStale: (symbol, isStale) => keeper.onStale(symbol, isStale),
        },
        fromUs,
      );
      return {
        close: () => feed.close(),
        run: async () => {
          if (nowUs >= stuckUs) await sleep(1200);
          if (nowUs >= endUs) return true;
          return await feed.run();
        },
      };
    },
  };
}

test("a run on a stream tells its page of prices and of its connection between two bars", async () => {
  const ending = new AbortController();
  const connection = { ...busyConnection() };
  const seen: MonitorState[] = [];
  let looking: Promise<void> | undefined;
  const look = async (url: string): Promise<void> => {
    for (let i = 0; seen.length < 60 && !ending.signal.aborted; i++) {
      const state = (await (await fetch(`${url}/api/state`)).json()) as MonitorState;
      if (state.phase === "running") seen.push(state);
      connection.losses = i;
      await sleep(100);
    }
    ending.abort();
  };
  await liveRun({
    ...{ root, settings: SETTINGS, model: { ...MODEL, promotedEntry: null }, feed: "stream" },
    source: stuckFeed(40, connection),
    starts: SYMBOLS.map(() => {
      const source = { hasTrades: true, tag: "incremental_book_L2" } as const;
      return { engine: ENGINE, source, state: undefined, before: [], clock: [] };
    }),
    ...{ beginUs: START_US, speed: Number.POSITIVE_INFINITY, databaseUrl: undefined },
    ...{ monitor: { server: {} }, signal: ending.signal },
    onMonitor: ({ url }) => {
      looking = look(url!);
    },
  });
  await looking;
  // Those after the last bar that ended.
  const last = seen.at(-1)!.signals[0]!.barEndUs;
  const between = seen.filter(({ signals }) => signals[0]?.barEndUs === last);
  const different = (of: (state: MonitorState) => unknown): number =>
    new Set(between.map((state) => JSON.stringify(of(state)))).size;
  expect(different(({ feeds }) => feeds.map(({ spreadBps }) => spreadBps))).toBeGreaterThan(1);
  expect(different((state) => state.connection!.losses)).toBeGreaterThan(2);
  expect(different(({ account }) => account.atUs)).toBeGreaterThan(1);
}, 60_000);
