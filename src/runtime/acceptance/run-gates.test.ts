import { expect, test } from "vitest";
import type { Gate } from "../../core/gate.js";
import { gatesVerdict } from "../../core/gate.js";
import { DAY_US, dayStartUs, HOUR_US, MINUTE_US } from "../../core/time.js";
import { type RunEvidence, runGates } from "./run-gates.js";
import { equalParity, equalSymbol } from "./test-parity.js";
import { sampleTrades } from "./test-trades.js";
import { tradeFigures } from "./trade-figures.js";

const FROM = dayStartUs("2024-01-10");
const OPTIONS = { fromUs: FROM, barUs: MINUTE_US, horizonBars: 15, seed: 1 };
const figuresOf = (count: number, winRate: number, more: object = {}): RunEvidence["figures"] =>
  tradeFigures(sampleTrades(1, { count, winRate, fromUs: FROM, ...more }), OPTIONS);

const HOLES = {
  ...{ conflicts: 0, waiting: 0, ordersWithoutEnd: 0 },
  ...{ ordersWithoutDecision: 0, fillsWithoutOrder: 0, tradesWithoutOrder: 0 },
};
const GOOD: RunEvidence = {
  ...{ mode: "paper", figures: figuresOf(400, 0.72), unseenFrom: "2024-01-10", fills: 800 },
  ...{ breaches: [], holes: HOLES, isOpen: false },
  parity: equalParity("test", ["BTCUSDT"], 7200),
  dry: { run: "dry", feed: "replay", marketUs: 48 * HOUR_US, machineMs: 60_000 },
  paper: { run: "test", feed: "replay", marketUs: 5 * DAY_US, machineMs: Number.NaN },
};

const gateOf = (name: string, changed: Partial<RunEvidence>): Gate =>
  runGates({ ...GOOD, ...changed }).find((gate) => gate.name === name)!;

test("a run is ready when every gate passes, and not when one fails or is undecided", () => {
  const gates = runGates(GOOD);
  expect(gates.map(({ name }) => name)).toEqual([
    ...["win-rate", "profit-factor", "no-breach", "parity", "journal-whole"],
    ...["dry-run-48-hours", "paper-5-days"],
  ]);
  expect(gates.map(({ verdict }) => verdict)).toEqual(gates.map(() => "pass"));
  expect(gatesVerdict(gates)).toBe("pass");
  expect(gatesVerdict(runGates({ ...GOOD, dry: undefined }))).toBe("undecided");
  expect(gatesVerdict(runGates({ ...GOOD, dry: undefined, breaches: ["daily-loss"] }))).toBe(
    "fail",
  );
  expect(gatesVerdict([])).toBe("undecided");
});

test("the win rate passes by the lower end of its interval, fails below its limit, and is undecided between", () => {
  expect(gateOf("win-rate", { figures: figuresOf(400, 0.72) }).verdict).toBe("pass");
  // 400 trades at 62 %: the lower end lies at 57 %.
  const between = gateOf("win-rate", { figures: figuresOf(400, 0.62) });
  expect(between).toMatchObject({ verdict: "undecided" });
  expect(between.lower).toBeLessThan(0.6);
  expect(between.margin).toBeGreaterThan(0);
  expect(gateOf("win-rate", { figures: figuresOf(400, 0.5) }).verdict).toBe("fail");
});

test("a hundred trades at one time are not a hundred: overlapping ones do not pass what single ones would", () => {
  const at = { everyMinutes: 1, heldMinutes: 15 };
  const crowded = gateOf("win-rate", { figures: figuresOf(400, 0.72, at) });
  expect(crowded.value).toBe(gateOf("win-rate", {}).value);
  expect(crowded).toMatchObject({ verdict: "undecided" });
  expect(crowded.beside).toContain("400 trades worth 28 independent ones");
});

test("fewer than a hundred trades, or days that nobody can tell from seen ones, decide nothing", () => {
  for (const name of ["win-rate", "profit-factor"]) {
    const few = gateOf(name, { figures: figuresOf(99, 0.1) });
    expect(few).toMatchObject({
      verdict: "undecided",
      reason: "99 closed trades, and it needs 100",
    });
    const unknown = gateOf(name, { unseenFrom: undefined });
    expect(unknown).toMatchObject({ verdict: "undecided" });
    expect(unknown.reason).toContain("does not say which days it has seen");
    const dry = gateOf(name, { figures: figuresOf(0, 0), mode: "dry-run" });
    expect(dry).toMatchObject({ verdict: "undecided", reason: "a dry run trades nothing" });
    expect(dry.lower).toBeNaN();
  }
});

test("many small wins do not pay for few large losses: the profit factor fails where the win rate passes", () => {
  const figures = figuresOf(400, 0.72, { winUsd: 30, lossUsd: 100 });
  expect(gateOf("win-rate", { figures }).verdict).toBe("pass");
  expect(gateOf("profit-factor", { figures })).toMatchObject({ verdict: "fail" });
  const even = figuresOf(400, 0.72, { winUsd: 42, lossUsd: 100 });
  expect(gateOf("profit-factor", { figures: even }).verdict).toBe("undecided");
});

test("a breach fails with its words, and an account that never traded has kept nothing", () => {
  const breaches = ["daily-loss at noon", "maximum-loss later"];
  const broken = gateOf("no-breach", { breaches });
  expect(broken).toMatchObject({ verdict: "fail", value: 2, margin: -2, reason: breaches[0] });
  expect(gateOf("no-breach", { fills: 0 }).verdict).toBe("undecided");
});

test("parity fails with its first difference and beyond a stream's bounds, and is undecided where something was not compared", () => {
  const { parity } = GOOD;
  const first = {
    symbol: "BTCUSDT",
    barEndUs: FROM,
    part: "mid",
    logged: "1",
    computed: "2",
  } as const;
  const apart = gateOf("parity", { parity: { ...parity, differentBars: 3, first } });
  expect(apart).toMatchObject({ verdict: "fail", value: 3 });
  expect(apart.reason).toBe("first BTCUSDT 2024-01-10T00:00:00.000Z: mid, logged 1, computed 2");
  const day = { exchange: "simulated", symbol: "BTCUSDT", date: "2024-01-11" };
  for (const lacking of [
    { isExact: false, distances: [] },
    { missingDays: [day] },
    { apartDays: [day] },
    { bars: 0, symbols: [equalSymbol("BTCUSDT", 0)] },
    { symbols: [...parity.symbols, equalSymbol("ETHUSDT", 0)] },
  ]) {
    expect(gateOf("parity", { parity: { ...parity, ...lacking } }).verdict).toBe("undecided");
  }
  const stream = { known: 53 * 7200, lacking: 0, staked: 0 };
  const differences = { ...parity.differences, features: 720 };
  const symbols = [{ ...equalSymbol("BTCUSDT", 7200), stream, differences, differentBars: 720 }];
  const far = gateOf("parity", { parity: { ...parity, isExact: false, distances: [], symbols } });
  expect(far.verdict).toBe("fail");
  expect(far.reason).toMatch(/^BTCUSDT: too many bars are apart; a stream's arrival times/);
});

test.each(Object.keys(HOLES))("a journal with %s has a hole", (name) => {
  const gate = gateOf("journal-whole", { holes: { ...HOLES, [name]: 2 } });
  expect(gate).toMatchObject({ verdict: "fail", value: 2 });
  expect(gate.reason).toMatch(/^[a-z ]+: 2$/);
  // Of a run that is driven just now something is always on its way, but no conflict ever is.
  const open = gateOf("journal-whole", { holes: { ...HOLES, [name]: 2 }, isOpen: true });
  expect(open.verdict).toBe(name === "conflicts" ? "fail" : "undecided");
});

test("time that is not done yet is undecided, and a replay is told as compressed", () => {
  const dry = { ...GOOD.dry!, marketUs: 47.9 * HOUR_US };
  expect(gateOf("dry-run-48-hours", { dry })).toMatchObject({
    verdict: "undecided",
    reason: "47.9 of 48 hours are done",
  });
  expect(gateOf("dry-run-48-hours", {}).beside).toBe(
    "dry, compressed: a replay of 48.0 hours in 1.0 minutes, 2,880 times as fast as the market",
  );
  expect(gateOf("paper-5-days", {}).beside).toBe("test, compressed: a replay of 120.0 hours");
  const live = { ...GOOD.paper!, feed: "stream" } as const;
  expect(gateOf("paper-5-days", { paper: live }).beside).toBe("test, on a live stream");
});
