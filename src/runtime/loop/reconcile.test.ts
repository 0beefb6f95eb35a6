import { expect, test } from "vitest";
import { type Random, seededRandom } from "../../core/random.js";
import { BAR_US, START_US } from "../../features/test-market.js";
import type { JournalRecord } from "../records.js";
import type { OpenRun } from "./open-run.js";
import { lastDecidedUs, reconcile } from "./reconcile.js";
import type { RunSettings } from "./run-settings.js";
import { MODEL, markets, SETTINGS, SYMBOLS, testRun } from "./test-run.js";
import { BARS, drive, Killed, Machine } from "./test-stream-run.js";

/** Steps of a process until it is killed, at most: a bar has some eight. */
const MOST_STEPS = 60;

/** Times that a run asks its model before its first bar. */
const ROUSING = 100;

/** Kills a run's processes at any of their steps, and lets the last one end. */
async function killed(random: Random): Promise<Machine & { readonly run: OpenRun }> {
  const machine = new Machine();
  machine.killAt = 1 + random.below(MOST_STEPS);
  for (;;) {
    try {
      const { run } = await drive(machine);
      return Object.assign(machine, { run });
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
      machine.killAt = machine.steps + 1 + random.below(MOST_STEPS);
      // What was told at the moment of the kill is not told again.
      machine.nowUs += 1;
    }
  }
}

test("wherever processes of a stream's run are killed, journal, exchange and account tell the same", async () => {
  const places = new Map<string, number>();
  for (let round = 0; round < 4; round++) {
    const random = seededRandom(round, "kills of a stream's run");
    const { journal, exchange, run, places: own } = await killed(random);
    for (const [place, count] of own) places.set(place, (places.get(place) ?? 0) + count);
    const orders = new Map(journal.of("order").map((order) => [order.id, order]));
    const ends = new Map(journal.of("order-end").map((end) => [end.orderId, end]));
    const fills = journal.of("fill");
    expect(journal.conflicts).toEqual([]);
    for (const [id, { amount }] of exchange) {
      const { side, amount: written } = orders.get(id)!;
      expect(amount).toBe(side * written);
      expect(ends.get(id)?.reason ?? "").not.toMatch(/before it was sent/);
    }
    for (const { id } of orders.values()) {
      // Nothing that was written down is left hanging, but for what the last bar has sent.
      if (!ends.has(id)) expect(run.broker.open().map((one) => one.id)).toContain(id);
      if (!exchange.has(id)) expect(ends.get(id)!.status).toBe("withdrawn");
    }
    for (const fill of fills) expect(exchange.has(fill.orderId)).toBe(true);
    let feesUsd = 0;
    let paidUsd = 0;
    for (const [i, symbol] of SYMBOLS.entries()) {
      const of = fills.filter((fill) => fill.symbol === symbol);
      const position = of.reduce((sum, { amount }) => sum + amount, 0);
      expect(run.portfolio.position(i)).toBeCloseTo(position, 9);
      feesUsd += of.reduce((sum, { feeUsd }) => sum + feeUsd, 0);
      paidUsd += of.reduce((sum, { valueUsd }) => sum + valueUsd, 0);
    }
    const { equityUsd, exposureUsd } = run.portfolio.value();
    const signed = SYMBOLS.reduce(
      (sum, _, i) => sum + run.portfolio.position(i) * run.portfolio.closingPrice(i),
      0,
    );
    if (exposureUsd === 0) expect(equityUsd).toBeCloseTo(100_000 - paidUsd - feesUsd, 5);
    else expect(equityUsd).toBeCloseTo(100_000 - paidUsd - feesUsd + signed, 5);
    const bars = journal.of("decision").map(({ barEndUs }) => (barEndUs - START_US) / BAR_US);
    expect(bars.length).toBe(SYMBOLS.length * new Set(bars).size);
    expect(fills.length).toBeGreaterThan(10);
  }
  expect([...places.keys()].sort()).toEqual([
    "after a write",
    "after it is held",
    "before a write",
    "before an order",
    "before it is held",
    "between exchange and answer",
  ]);
});

test("a breach that was written down stays one, wherever its process is killed", async () => {
  const { rules } = SETTINGS.risk;
  const dailyLoss = { ...rules.dailyLoss, ratio: 1e-4 };
  const guard = { ...SETTINGS.risk.guard, reduceRatio: 0, flattenRatio: 0 };
  const stress = { other: 1e-9, bySymbol: {} };
  const settings: RunSettings = {
    ...{ ...SETTINGS, feeBps: 0 },
    risk: {
      ...{ ...SETTINGS.risk, costRatio: 0 },
      ...{ rules: { ...rules, dailyLoss }, guard: { ...guard, stress } },
    },
  };
  const isBreach = ({ kind, ...record }: JournalRecord): boolean =>
    kind === "risk" && (record as { name?: string }).name === "daily-loss";
  const places = ["before it is held", "after it is held", "before a write", "after a write"];
  for (const [i, place] of places.entries()) {
    const machine = new Machine(markets(BARS, 3));
    machine.killOn = (at, records) => at === place && records.some(isBreach);
    await expect(drive(machine, { settings })).rejects.toThrow(place);
    machine.killOn = () => false;
    machine.nowUs += 10 * BAR_US;
    const { run } = await drive(machine, { settings });
    const { journal } = machine;
    expect(journal.conflicts).toEqual([]);
    // Before anything was kept of it, nobody has seen it.
    expect(run.desk.account.status).toBe(i === 0 ? "active" : "failed");
    expect(journal.of("risk").some(isBreach)).toBe(i > 0);
    const breachUs = machine.written.find(isBreach) as { readonly atUs: number } | undefined;
    const entries = journal.of("order").filter(({ purpose }) => purpose === "entry");
    const late = entries.filter(({ decidedUs }) => decidedUs > (breachUs?.atUs ?? Infinity));
    expect(late).toEqual([]);
  }
});

test("what closes everything is sent though its process ended, an entry is not, and what was filled meanwhile is booked", async () => {
  const machine = new Machine();
  const run = await testRun(machine.all, machine.journal);
  const order = (id: string, purpose: "entry" | "flatten", decidedUs: number): JournalRecord => {
    const named = { kind: "order", run: "test", id, symbol: SYMBOLS[0]! } as const;
    return { ...named, barEndUs: START_US, side: 1, amount: 2, purpose, decidedUs };
  };
  const done = { run: "test", symbol: SYMBOLS[0]!, number: 0, atUs: START_US + 5, mid: 100 };
  const later: readonly JournalRecord[] = [
    order("entered", "entry", START_US),
    { kind: "fill", ...done, orderId: "entered", amount: 2, valueUsd: 200, feeUsd: 0.065 },
    {
      ...{ kind: "order-end", run: "test", orderId: "entered", atUs: START_US + 5 },
      ...{ status: "filled", reason: "" },
    },
    order("unsent", "entry", START_US + 10),
    order("closing", "flatten", START_US + 11),
  ];
  const atUs = START_US + 12;
  const said = await reconcile(run, machine.journal, later, { name: "test", outbox: [], atUs });
  expect(said).toEqual({ booked: 1, resent: 1, ended: 1 });
  expect(run.portfolio.position(0)).toBe(2);
  expect(run.broker.open()).toEqual([
    { id: "closing", symbol: SYMBOLS[0], amount: 2, decidedUs: START_US + 11, waits: true },
  ]);
  expect(machine.journal.of("order-end")).toEqual([
    {
      ...{ kind: "order-end", run: "test", orderId: "unsent", atUs },
      ...{ status: "withdrawn", reason: "the process ended before it was sent" },
    },
  ]);
  // An order that is over is not taken once more under its name.
  await run.broker.submit({
    ...{ id: "entered", symbol: SYMBOLS[0]!, amount: 2, decidedUs: atUs, waits: false },
  });
  expect(run.broker.open().length).toBe(1);
});

test("the last bar that was decided on is the later one of journal and state", () => {
  const decision = { kind: "decision", barEndUs: 7 } as JournalRecord;
  expect(lastDecidedUs([], null)).toBe(Number.NEGATIVE_INFINITY);
  expect(lastDecidedUs([decision], null)).toBe(7);
  expect(lastDecidedUs([decision], 9)).toBe(9);
});

test("what was filled at the end of a bar is written down and held, also where its decisions fail", async () => {
  for (let bar = 10; bar < 20; bar++) {
    const machine = new Machine();
    let asked = 0;
    const failing = {
      kind: "constant" as const,
      get logit(): number {
        if (asked++ === ROUSING + bar) throw new Error("no memory");
        return (asked % 3) - 1;
      },
    };
    const predictor = { ...MODEL.predictor, model: failing };
    // All that a bar ordered is filled when the next one closes.
    const model = { ...MODEL, latencyUs: BAR_US - 1, predictor };
    await expect(drive(machine, { model })).rejects.toThrow("no memory");
    const { journal, exchange, held } = machine;
    expect(exchange.size).toBeGreaterThan(5);
    expect(journal.of("order-end").map(({ orderId }) => orderId)).toEqual([...exchange.keys()]);
    expect(held!.broker.open).toEqual([]);
    machine.nowUs += 1;
    await drive(machine, { model });
    expect(journal.conflicts).toEqual([]);
    const ended = journal.of("order-end").slice(0, exchange.size - 2);
    expect(ended.filter(({ status }) => status !== "filled")).toEqual([]);
  }
});
