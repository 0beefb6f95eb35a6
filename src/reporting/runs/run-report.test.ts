import { expect, test } from "vitest";
import { isShortfall, shortfall } from "../../core/shortfall.js";
import { runDecisionsFigure } from "../figures/run-decisions.js";
import { runDriftFigure } from "../figures/run-drift.js";
import { runEquityFigure } from "../figures/run-equity.js";
import { runLatencyFigure } from "../figures/run-latency.js";
import { checkRecords } from "../validate.js";
import { parityFindings, parityTable } from "./parity-table.js";
import { runAnswer, runChecks, runFindings } from "./run-answer.js";
import { challengeOfRun, gatesOfRun } from "./run-gates.js";
import { phaseRows } from "./run-phases.js";
import {
  closedTradesTable,
  decisionsTable,
  eventsTable,
  fillsTable,
  statementsTable,
} from "./run-tables.js";
import { sampleRunReport, sampleTwoPhases } from "./test-run-report.js";

const paper = sampleRunReport();
const dry = sampleRunReport("dry-run");

test("decisions add up to the bars of each symbol, the most frequent first", () => {
  const { rows, caption } = decisionsTable(paper);
  for (const symbol of ["BTCUSDT", "ETHUSDT"]) {
    const own = rows.filter(([name]) => name === symbol);
    expect(own.reduce((sum, row) => sum + Number(row[2]), 0)).toBe(720);
    expect(own.reduce((sum, row) => sum + Number(row[3]), 0)).toBeCloseTo(100, 9);
    expect(own[0]![1]).toBe("unsure");
  }
  expect(caption).not.toContain("UNPROMOTED");
  expect(decisionsTable(dry).caption).toMatch(/^UNPROMOTED: /);
});

test("statements come true where the mid a horizon later says so, and one in fifteen counts", () => {
  const [first] = paper.decisions;
  const at = (bar: number, mid: number): typeof first => {
    return {
      ...first!,
      barEndUs: bar * paper.model.barUs,
      mid,
      probability: 0.6,
      side: bar < 16 ? 1 : 0,
    };
  };
  // Bars 1 to 15 say up at 100; of the mids 15 later nine are higher, five lower, and one is missing.
  const later = Array.from({ length: 15 }, (_, i) => (i < 9 ? 101 : i < 14 ? 99 : Number.NaN));
  const decisions = [
    ...Array.from({ length: 15 }, (_, i) => at(i + 1, 100)!),
    ...later.map((mid, i) => at(i + 16, mid)!),
  ];
  const [row] = statementsTable({ ...paper, decisions }).rows;
  expect(row!.slice(0, 2)).toEqual(["BTCUSDT", 14]);
  expect(row![2]).toBeCloseTo((100 * 9) / 14, 9);
  // Less than one independent statement says next to nothing.
  expect(row![3]).toMatch(/^(\d|1\d)\.\d to 9\d\.\d$/);
});

test("costs are fees and what was paid beyond the mid, over what was traded", () => {
  const [row] = fillsTable(paper).rows;
  const [symbol, orders, filled, unfilled, withdrawn, traded, fees, feeBps, beyondBps] = row!;
  expect([symbol, orders, filled, unfilled, withdrawn]).toEqual(["BTCUSDT", 3, 2, 0, 1]);
  expect(traded).toBeCloseTo(300.2, 9);
  expect(fees).toBeCloseTo(0.09, 12);
  expect(feeBps).toBeCloseTo((1e4 * 0.09) / 300.2, 9);
  // 0.20 of 200 at the mid when it bought, nothing of 100 when it sold.
  expect(beyondBps).toBeCloseTo((1e4 * 0.2) / 300, 9);
  expect(fillsTable(paper).rows[1]).toEqual(["ETHUSDT", 0, 0, 0, 0, 0, 0, null, null]);
});

test("closed trades are told by symbol, and a symbol without any has no means", () => {
  const [btc, eth] = closedTradesTable(paper).rows;
  expect(btc).toEqual(["BTCUSDT", 40, 50, 1000, 100, -50, 15]);
  expect(eth).toEqual(["ETHUSDT", 0, null, 0, null, null, null]);
  expect(eventsTable(paper).rows[0]!.slice(0, 2)).toEqual(["2024-01-10 00:01:00", "cooldown"]);
});

test("parity is one table: parts of a bar on a replay, features of a stream", () => {
  expect(parityTable(paper).rows).toHaveLength(9);
  expect(parityFindings(paper)).toContain("all 1,440 bars are those of the store, bit for bit");
  const distance = { name: "tfi", bars: 9, onlyOne: 1, equal: 0.5, median: 0, ninetyNinth: 0.2 };
  const stream = { ...paper.parity, isExact: false, distances: [distance] };
  expect(parityTable({ parity: stream }).rows).toEqual([["tfi", 9, 1, 50, 0, 0.2]]);
  expect(parityFindings({ parity: stream })).toContain("Bits are not compared");
  const first = {
    symbol: "BTCUSDT",
    barEndUs: 0,
    part: "mid",
    logged: "1",
    computed: "2",
  } as const;
  const day = { exchange: "simulated", symbol: "BTCUSDT", date: "2024-01-11" };
  const apart = { ...paper.parity, differentBars: 2, first, missingDays: [day] };
  expect(parityFindings({ parity: apart })).toBe(
    "**2 of 1,440 bars differ from the store.** The first: BTCUSDT at 1970-01-01T00:00:00Z, mid: logged 1, computed 2. Not compared, since the store has no features of that stream: BTCUSDT 2024-01-11.",
  );
  expect(parityFindings({ parity: { ...paper.parity, bars: 0 } })).toContain("Nothing could be");
});

test("the answer says whether the run is the research's, what it is ready for, and that a model is not promoted", () => {
  expect(runAnswer(paper)).toMatchObject({
    verdict: "undecided",
    answer:
      "The run decides what the research code says, bit for bit on 1,440 bars; whether it is challenge-ready is undecided: it passes 1 of 2 gates and fails none.",
  });
  const { answer, caution } = runAnswer(dry);
  expect(answer).toMatch(/^UNPROMOTED: /);
  expect(caution).toBe("UNPROMOTED");
  const [gate] = paper.acceptance.gates;
  const failed = {
    ...paper.acceptance,
    verdict: "fail",
    gates: [{ ...gate!, verdict: "fail" }],
  } as const;
  const bad = runAnswer({
    ...paper,
    acceptance: failed,
    parity: { ...paper.parity, differentBars: 1 },
  });
  expect(bad.answer).toBe(
    "The run does not decide what the research code says on 1 bar of 1,440; it is not challenge-ready: it fails no-breach.",
  );
});

test("without a run the answer says how to begin one, and every check is undecided", () => {
  const missing = shortfall({ step: "show a run", what: "models", has: 0, needs: 1 });
  expect(runAnswer(missing)).toMatchObject({ verdict: "undecided" });
  expect(runAnswer(missing).answer).toContain("npx tickbook live --rehearse");
  expect(checkRecords(runChecks(missing)).map(({ verdict }) => verdict)).toEqual(
    Array.from({ length: 6 }, () => "undecided"),
  );
});

test("checks fail where bars differ or a dry run orders, and losing money is none", () => {
  const failed = (report: Parameters<typeof runChecks>[0]): readonly string[] =>
    checkRecords(runChecks(report))
      .filter(({ verdict }) => verdict === "fail")
      .map(({ name }) => name);
  expect(failed(paper)).toEqual([]);
  expect(failed(dry)).toEqual([]);
  const [silent] = dry.decisions;
  const wrong = {
    ...dry,
    orders: paper.orders,
    decisions: [{ ...silent!, side: 0, reason: "" } as const],
    parity: { ...dry.parity, differentBars: 1 },
  };
  expect(failed(wrong)).toEqual([
    "bars that differ from the store",
    "orders of a dry run",
    "decisions without a stake and without a reason in a dry run",
  ]);
});

test("words say which run it is, and on which days its model may be believed", () => {
  expect(runFindings(paper)).toContain("the run **sample**");
  expect(runFindings(paper)).toContain("Its model has seen none of these days.");
  expect(runFindings(dry)).toContain("**rehearsal**");
  const seen = { ...dry.acceptance, unseenFrom: "2024-01-11" };
  expect(runFindings({ ...dry, acceptance: seen })).toContain(
    "**All of it is on days before 2024-01-11",
  );
});

test("titles tell what is in the data", () => {
  expect(runDecisionsFigure(paper).title).toMatch(
    /^The run stakes on [23]\d\.\d % of its bars; .*“unsure”$/,
  );
  expect(runEquityFigure(dry).title).toBe(
    "UNPROMOTED: A dry run orders nothing: the account stays at 100,000 USD, 5,000 above its nearest floor",
  );
  expect(runEquityFigure(paper).title).toMatch(
    /of 100,000 USD and never came nearer to a floor than [34],\d{3} USD$/,
  );
  const below = paper.equity.map((one) => ({ ...one, equityUsd: 94_000 }));
  expect(runEquityFigure({ ...paper, equity: below }).title).toMatch(
    /lost 6,000 .* fell 1,000 USD below a floor$/,
  );
  expect(runLatencyFigure(paper).title).toMatch(/^Half of the decisions are made within 0\.\d+ ms/);
  // Shifts rise from 0.1 and 0.15 by a third of a thousandth a bar: 119 and 269 of 720 bars lie above 0.3.
  expect(runDriftFigure(paper).title).toBe(
    "Inputs are others than in training on 27 % of the bars; confidence is kept",
  );
});

test("an account that passes a phase has lost nothing: its lines begin anew, and gains are added up", () => {
  const report = sampleTwoPhases();
  const { title, subtitle, data, layout } = runEquityFigure(report);
  const second = report.equity.at(-1)!.equityUsd - 100_000;
  const gained = Math.round(10_010 + second).toLocaleString("en-US");
  expect(title).toMatch(new RegExp(`^Over 2 phases the account gained ${gained} of 100,000 USD`));
  expect(subtitle).toMatch(/with each phase of the rules the account begins anew$/);
  for (const trace of data) {
    const y = trace["y"] as readonly (number | null)[];
    expect(y.filter((value) => value === null)).toHaveLength(1);
    expect(y.indexOf(null)).toBe(600);
    expect(trace["x"]).toHaveLength(721);
  }
  const fall = data.find(({ name }) => name === "drawdown")!["y"] as readonly number[];
  expect(Math.min(...fall.slice(0, 600))).toBe(0);
  expect(fall[601]).toBe(0);
  expect(Math.min(...fall)).toBeGreaterThan(-5000);
  expect(JSON.stringify(layout["annotations"])).toMatch(/"challenge".*"verification"/);
});

test("phases without a bar are no part of a run's course", () => {
  const report = sampleTwoPhases();
  const told = report.events.at(-1)!;
  const at = (bar: number, detail: string) => ({ ...told, atUs: report.equity[bar]!.atUs, detail });
  const phases = (events: typeof report.events) =>
    phaseRows({ ...report, events }).map(({ phase, from, to }) => [phase, from, to]);
  expect(phases([])).toEqual([["", 0, 720]]);
  expect(phases([at(600, "verification"), { ...told, atUs: 1e18, detail: "funded" }])).toEqual([
    ["challenge", 0, 600],
    ["verification", 600, 720],
  ]);
  expect(phases([at(0, "verification"), at(1, "funded")])).toEqual([
    ["verification", 0, 1],
    ["funded", 1, 720],
  ]);
  expect(phaseRows({ ...report, equity: [] })).toEqual([]);
});

test("a run of no bars is drawn and told without a number that is none", () => {
  const empty = { ...paper, decisions: [], equity: [], drift: [], trades: [], events: [] };
  for (const draw of [runDecisionsFigure, runEquityFigure, runLatencyFigure, runDriftFigure]) {
    expect(JSON.stringify(draw(empty))).not.toMatch(/NaN|Infinity|undefined/);
  }
  expect(statementsTable(empty).rows[0]!.slice(0, 3)).toEqual(["BTCUSDT", 0, null]);
});

test("odds of a challenge are there where the run has won and lost, else what is missing is said", () => {
  expect(isShortfall(challengeOfRun(paper))).toBe(false);
  expect(challengeOfRun(dry)).toMatchObject({ kind: "shortfall", has: 0 });
  expect(gatesOfRun(dry).model).toBe("UNPROMOTED sample");
});
