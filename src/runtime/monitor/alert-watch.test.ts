import { expect, test } from "vitest";
import { AlertWatch } from "./alert-watch.js";
import { busyBoard, START_US } from "./test-board.js";

test("a silent feed is told once when it lasts, and once when it is back", () => {
  const { board, clock } = busyBoard();
  const told: string[] = [];
  const watch = new AlertWatch(({ name, symbol }) => told.push(`${name} ${symbol}`), 10_000);
  const look = (passMs: number): void => {
    clock.ms += passMs;
    for (const symbol of ["ETHUSDT", "SOLUSDT"]) board.event(symbol, START_US);
    watch.look(board.snapshot());
  };
  // Stale from 5 s on, told from 10 s on.
  look(6000);
  expect(told).toEqual([]);
  look(4000);
  look(4000);
  expect(told).toEqual(["feed-stale BTCUSDT"]);
  board.event("BTCUSDT", START_US);
  look(0);
  look(0);
  expect(told).toEqual(["feed-stale BTCUSDT", "feed-fresh BTCUSDT"]);
});

test("a journal that goes down and comes back, a halt and its end are each told once", () => {
  const { board } = busyBoard();
  const told: string[] = [];
  const watch = new AlertWatch(
    ({ name, severity, detail }) => told.push(`${severity} ${name} ${detail}`),
    0,
  );
  const look = (): void => {
    watch.look(board.snapshot());
    watch.look(board.snapshot());
  };
  look();
  board.journal({ isUp: false, waiting: 1 });
  look();
  board.standing("halted", "an operator said so");
  look();
  board.journal({ isUp: true, waiting: 0 });
  board.standing("free");
  look();
  expect(told).toEqual([
    "critical journal-down new entries stop, exits go into the local file",
    "critical halted an operator said so",
    "info journal-up the database answers again",
    "info lifted the run may take positions again",
  ]);
});

test("each risk event is told with its weight, but for those that the state tells", () => {
  const told: string[] = [];
  const watch = new AlertWatch(
    ({ name, symbol, severity }) => told.push(`${severity} ${name} ${symbol}`),
    0,
  );
  const of = { kind: "risk", run: "demo", atUs: START_US, detail: "" } as const;
  for (const name of [
    "daily-floor",
    "flatten",
    "halted",
    "restart",
    "feed-stale",
    "journal-down",
  ]) {
    watch.risk({ ...of, name, symbol: "BTCUSDT" });
  }
  expect(told).toEqual([
    "critical daily-floor BTCUSDT",
    "critical flatten BTCUSDT",
    "critical halted BTCUSDT",
    "warning restart BTCUSDT",
  ]);
});
