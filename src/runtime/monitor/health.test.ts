import { expect, test } from "vitest";
import { healthOf } from "./health.js";
import { busyBoard, busyConnection, emptyBoard } from "./test-board.js";

test("a run whose feeds are fresh and whose journal is up is healthy", () => {
  expect(healthOf(busyBoard().board.snapshot())).toEqual({
    status: "ok",
    run: "demo-strong",
    phase: "running",
    reasons: [],
  });
});

test("a stale feed and a journal that is down are unhealthy, each by name", () => {
  const { board, clock } = busyBoard();
  clock.ms += 7000;
  board.event("ETHUSDT", 1);
  board.event("SOLUSDT", 1);
  board.journal({ isUp: false, waiting: 4 });
  clock.ms += 2000;
  const { status, reasons } = healthOf(board.snapshot());
  expect(status).toBe("unhealthy");
  expect(reasons).toEqual([
    { name: "feed-stale", symbol: "BTCUSDT", detail: "no event for 9 s", isFatal: true },
    {
      name: "journal-down",
      symbol: "",
      detail: "down for 2 s, 4 records wait in the write-ahead file",
      isFatal: true,
    },
  ]);
});

test("a run that is blocked, halted or breached is healthy, and says so", () => {
  for (const standing of ["blocked", "halted", "breached"] as const) {
    const { board } = busyBoard();
    board.standing(standing, "for a reason");
    const { status, reasons } = healthOf(board.snapshot());
    expect(status).toBe("ok");
    expect(reasons).toEqual([
      { name: standing, symbol: "", detail: "for a reason", isFatal: false },
    ]);
  }
});

test("a run that is told events too late is unhealthy; a lost connection is said with its last error", () => {
  const { board } = busyBoard({ feed: "stream" });
  expect(healthOf(board.snapshot()).reasons).toEqual([]);
  board.connection({ ...busyConnection(), isLost: true });
  expect(healthOf(board.snapshot())).toMatchObject({
    status: "ok",
    reasons: [
      {
        name: "connection-lost",
        detail: "loss 2: the sequence of BTCUSDT had no overlap",
        isFatal: false,
      },
    ],
  });
  board.connection({ ...busyConnection(), queued: 900, lagUs: 10e6 });
  expect(healthOf(board.snapshot()).status).toBe("ok");
  board.connection({ ...busyConnection(), queued: 900, lagUs: 12e6 });
  expect(healthOf(board.snapshot())).toMatchObject({
    status: "unhealthy",
    reasons: [{ name: "feed-behind", detail: "900 events wait, the oldest for 12 s" }],
  });
  board.phase("ended");
  expect(healthOf(board.snapshot()).reasons).toEqual([]);
});

test("a clock that was set back by more than a second is said until the run's time is right again", () => {
  const { board } = busyBoard({ feed: "stream" });
  board.connection({ ...busyConnection(), aheadUs: 1e6 });
  expect(healthOf(board.snapshot()).reasons).toEqual([]);
  board.connection({ ...busyConnection(), aheadUs: 42e6 });
  expect(healthOf(board.snapshot())).toMatchObject({
    status: "ok",
    reasons: [
      {
        name: "clock-set-back",
        detail:
          "the machine's clock was set back: the run's time is 42 s ahead, and goes at half pace",
        isFatal: false,
      },
    ],
  });
});

test("a book that is not valid is said, and a run that never got an event turns unhealthy", () => {
  const { board } = busyBoard();
  board.feed("BTCUSDT", { isBookValid: false });
  expect(healthOf(board.snapshot())).toMatchObject({
    status: "ok",
    reasons: [{ name: "book-invalid" }],
  });
  const silent = emptyBoard();
  expect(healthOf(silent.board.snapshot()).status).toBe("ok");
  silent.clock.ms += 5001;
  expect(healthOf(silent.board.snapshot()).status).toBe("unhealthy");
});
