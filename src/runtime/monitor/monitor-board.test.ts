import { expect, test } from "vitest";
import type { RiskRecord } from "../records.js";
import { busyBoard, busyConnection, emptyBoard, MINUTE_US, START_US } from "./test-board.js";

const RISK: RiskRecord = {
  kind: "risk",
  run: "demo",
  atUs: START_US,
  name: "flatten",
  symbol: "",
  detail: "near the floor",
};

/** Size of all that a board shows. */
function size(board: ReturnType<typeof emptyBoard>["board"]): number {
  return JSON.stringify([board.snapshot(), board.equity()]).length;
}

test("a board stays as large as it was, however long the run and its texts", async () => {
  const { board } = emptyBoard();
  const play = (from: number, to: number): void => {
    for (let i = from; i < to; i++) {
      const text = `${i} ${"x".repeat(5000)}`;
      const of = { run: "demo", symbol: "BTCUSDT", barEndUs: i };
      const none = { model: "m", features: "", valid: "0", mid: 1, probability: 0.5 };
      board.event("BTCUSDT", i);
      board.record({ kind: "decision", ...of, ...none, side: 0, reason: text, tookUs: i % 977 });
      board.record({
        kind: "order",
        ...of,
        id: text,
        side: 1,
        amount: 1,
        purpose: "entry",
        decidedUs: i,
      });
      board.record({
        kind: "order-end",
        run: "demo",
        orderId: text,
        atUs: i,
        status: "withdrawn",
        reason: text,
      });
      board.record({ ...RISK, name: text, detail: text });
      board.log({ atMs: i, level: "info", text, detail: text });
      const account = { balanceUsd: 1, dailyFloorUsd: 1, maximumFloorUsd: 1, exposureUsd: 1 };
      board.record({ kind: "equity", run: "demo", atUs: i, equityUsd: i % 101, ...account });
    }
  };
  play(0, 3000);
  const before = [size(board), (await board.metrics.text(board.snapshot())).length];
  play(3000, 12_000);
  const after = [size(board), (await board.metrics.text(board.snapshot())).length];
  const { signals, orders, risks, log } = board.snapshot();
  expect([signals.length, orders.length, risks.length, log.length]).toEqual([60, 60, 60, 200]);
  for (const [i, bytes] of after.entries()) expect(bytes / before[i]!).toBeLessThan(1.1);
  expect(after[0]).toBeLessThan(500_000);
});

test("an order shows its fills and how it ended; one that is no longer listed is let go", () => {
  const { board } = emptyBoard();
  const of = { run: "demo", symbol: "BTCUSDT", barEndUs: 1, side: -1, purpose: "exit" } as const;
  const add = (id: string): void =>
    board.record({ kind: "order", ...of, id, amount: 3, decidedUs: 2 });
  add("a");
  // The same again, as a run that resumes says it: it is one order.
  add("a");
  const fill = {
    kind: "fill",
    run: "demo",
    orderId: "a",
    symbol: "BTCUSDT",
    atUs: 3,
    mid: 10,
  } as const;
  board.record({ ...fill, number: 0, amount: -1, valueUsd: -10, feeUsd: 0.5 });
  board.record({ ...fill, number: 1, amount: -2, valueUsd: -23, feeUsd: 0.25 });
  expect(board.snapshot().orders).toMatchObject([
    { id: "a", filledAmount: 3, fillPrice: 11, feeUsd: 0.75, status: "open" },
  ]);
  board.record({
    kind: "order-end",
    run: "demo",
    orderId: "a",
    atUs: 4,
    status: "filled",
    reason: "",
  });
  expect(board.snapshot().orders).toMatchObject([{ status: "filled" }]);
  for (let i = 0; i < 60; i++) add(`b${i}`);
  board.record({ ...fill, number: 2, amount: -1, valueUsd: -10, feeUsd: 0.5 });
  expect(board.snapshot().orders.map(({ id }) => id)).not.toContain("a");
});

test("a feed is stale when it says so or is silent too long, and not after the run's end", () => {
  const { board, clock } = emptyBoard();
  board.phase("running");
  board.event("BTCUSDT", START_US);
  board.feed("ETHUSDT", { isStale: true });
  const stale = (): readonly string[] =>
    board
      .snapshot()
      .feeds.filter(({ isStale }) => isStale)
      .map(({ symbol }) => symbol);
  expect(stale()).toEqual(["ETHUSDT"]);
  clock.ms += 4000;
  board.event("SOLUSDT", START_US);
  clock.ms += 1001;
  expect(stale()).toEqual(["BTCUSDT", "ETHUSDT"]);
  board.event("BTCUSDT", START_US + 1);
  board.feed("ETHUSDT", { isStale: false, spreadBps: 2 });
  board.event("ETHUSDT", START_US + 1);
  expect(stale()).toEqual([]);
  clock.ms += 60_000;
  board.phase("ended");
  expect(stale()).toEqual([]);
});

test("pace and speed are those of the last seconds", () => {
  const { board, clock } = emptyBoard();
  expect(board.snapshot().eventsPerSecond).toBeNaN();
  for (let second = 1; second <= 60; second++) {
    const events = second <= 30 ? 10 : 200;
    clock.ms += 1000;
    for (let i = 0; i < events; i++) board.event("BTCUSDT", START_US + second * MINUTE_US);
    board.snapshot();
  }
  const { eventsPerSecond, speedRatio, events } = board.snapshot();
  expect([eventsPerSecond, speedRatio, events]).toEqual([200, 60, 6300]);
});

test("a journal's state has the time since when it is so", () => {
  const { board, clock } = emptyBoard();
  clock.ms += 500;
  board.journal({ isUp: false, waiting: 1 });
  const sinceMs = clock.ms;
  clock.ms += 500;
  board.journal({ isUp: false, waiting: 7 });
  expect(board.snapshot().journal).toEqual({ isUp: false, waiting: 7, sinceMs });
});

test("a connection keeps its latest errors and the reasons that came first, each cut", () => {
  const { board } = emptyBoard({ feed: "stream" });
  expect(board.snapshot().connection).toBe(null);
  const texts = Array.from({ length: 3000 }, (_, i) => `${"x".repeat(1000)} ${i}`);
  const rejected = Object.fromEntries(texts.map((text, i) => [`${i}: ${text}`, 1]));
  board.connection({
    ...busyConnection(),
    errors: ["first", ...texts.slice(0, 18), "last"],
    rejected,
  });
  const { connection } = board.snapshot();
  expect(JSON.stringify(connection).length).toBeLessThan(20_000);
  expect(connection!.errors).toHaveLength(5);
  expect(connection!.errors[0]).toBe("last");
  expect(connection!.rejectedRows).toBe(3000);
  expect(connection!.rejected.at(-1)).toEqual({ reason: "other", rows: 2960 });
});

test("a standing that is told again holds since it was told first", () => {
  const { board } = emptyBoard();
  const since = (): number => board.snapshot().standing.sinceUs;
  board.event("BTCUSDT", START_US);
  board.standing("halted", "an operator said so");
  board.event("BTCUSDT", START_US + MINUTE_US);
  board.standing("halted", "an operator said so again");
  expect(since()).toBe(START_US);
  board.standing("free");
  board.standing("halted", "once more");
  expect(since()).toBe(START_US + MINUTE_US);
  board.standing("halted", "as of then", START_US + 7);
  expect(since()).toBe(START_US + 7);
});

test("what the account is worth between two records is as of the latest event, and no point of its course", () => {
  const { board } = emptyBoard();
  const floors = { dailyFloorUsd: 95_000, maximumFloorUsd: 90_000 };
  const worth = { equityUsd: 100_500, balanceUsd: 100_000, exposureUsd: 7, ...floors };
  board.worth(worth);
  expect(board.snapshot().account).toMatchObject({ ...worth, atUs: Number.NaN });
  board.event("BTCUSDT", START_US);
  board.worth({ ...worth, equityUsd: 100_400 });
  expect(board.snapshot().account).toMatchObject({ equityUsd: 100_400, atUs: START_US });
  const atUs = START_US + MINUTE_US;
  board.record({ kind: "equity", run: "demo", atUs, ...worth });
  board.worth({ ...worth, equityUsd: 100_300 });
  // A bar ends after its last event.
  expect(board.snapshot().account).toMatchObject({ equityUsd: 100_300, atUs, initialUsd: 100_000 });
  expect(board.equity().equityUsd).toEqual([100_500]);
});

test("every listener is told of a risk event at once", () => {
  const { board } = busyBoard();
  const told: string[] = [];
  board.onRisk(({ name }) => told.push(`1 ${name}`));
  board.onRisk(({ name }) => told.push(`2 ${name}`));
  board.record(RISK);
  expect(told).toEqual(["1 flatten", "2 flatten"]);
  expect(board.snapshot().risks[0]).toMatchObject({ name: "flatten", detail: "near the floor" });
});

test("an event of an unknown symbol is counted and harms nothing", () => {
  const { board } = emptyBoard();
  board.event("__proto__", START_US);
  board.feed("constructor", { isStale: true });
  expect(board.snapshot()).toMatchObject({ events: 1, marketUs: START_US });
});
