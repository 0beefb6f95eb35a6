import { expect, test } from "vitest";
import { type Random, seededRandom } from "../../core/random.js";
import {
  BAR_US,
  changeColumns,
  concat,
  type Market,
  rowsBefore,
  START_US,
  slice,
} from "../../features/test-market.js";
import { MarketsReplay } from "../../market/markets-replay.js";
import type { BookChanges } from "../../store/tables.js";
import type { BrokerOrder } from "../broker/broker.js";
import type { FeedSource } from "../feed/feed.js";
import type { JournalRecord } from "../records.js";
import type { OpenRun, RunParts } from "./open-run.js";
import type { Reconciled } from "./reconcile.js";
import { lastDecidedUs, reconcile } from "./reconcile.js";
import type { RunSettings } from "./run-settings.js";
import type { PacedBroker } from "./session.js";
import type { DeskState, SessionState } from "./session-state.js";
import { MemoryJournal, markets, SETTINGS, SYMBOLS, testRun } from "./test-run.js";

const BARS = 60;

/** Steps of a process until it is killed, at most: a bar has some eight. */
const MOST_STEPS = 60;

/** Between two steps of a run its process ends. */
class Killed extends Error {}

/** What outlives a process: its journal, the exchange, and what it wrote to the disk. */
class Machine {
  readonly journal = new MemoryJournal();
  readonly exchange = new Map<string, BrokerOrder>();
  readonly places = new Map<string, number>();
  saved: SessionState | undefined;
  held: DeskState | undefined;
  /** Records that were about to be written when that was held. */
  outbox: readonly JournalRecord[] = [];
  /** Records in the order of writing, and how many of them what is held knows of. */
  readonly written: JournalRecord[] = [];
  mark = 0;
  nowUs = START_US;
  steps = 0;
  killAt = Number.POSITIVE_INFINITY;
  /** In place of a number of steps: the place and the records of the step. */
  killOn: (place: string, records: readonly JournalRecord[]) => boolean = () => false;

  constructor(readonly all: readonly Market[] = markets(BARS)) {}

  step(place: string, records: readonly JournalRecord[] = []): void {
    if (++this.steps !== this.killAt && !this.killOn(place, records)) return;
    this.places.set(place, (this.places.get(place) ?? 0) + 1);
    throw new Killed(place);
  }
}

/** The book of a market as an exchange tells it to whoever connects at a time. */
function wholeBook(market: Market, timeUs: number): BookChanges {
  const { isSnapshot, side, price, amount, localTimestampUs } = market.bookChanges;
  const levels = new Map<string, { side: 1 | -1; price: number; amount: number }>();
  for (let i = 0; i < price.length && localTimestampUs[i]! < timeUs; i++) {
    const isFirst = i === 0 || localTimestampUs[i] !== localTimestampUs[i - 1];
    if (isSnapshot[i] === 1 && (isFirst || isSnapshot[i - 1] === 0)) levels.clear();
    const key = `${side[i]} ${price[i]}`;
    levels.delete(key);
    if (amount[i]! > 0) {
      levels.set(key, { side: side[i] as 1 | -1, price: price[i]!, amount: amount[i]! });
    }
  }
  return changeColumns(
    [...levels.values()].map((level) => ({ ...level, timeUs, isSnapshot: true })),
  );
}

/** What has gone by before it was opened is gone; books begin with the whole of what they are then. */
function streamOf(machine: Machine): FeedSource {
  return {
    canRewind: false,
    open: async (fed, keeper) => {
      const replayed = fed.map(({ stream }, i) => {
        const { trades, bookChanges } = machine.all[i]!;
        const rest = <Table extends typeof trades | typeof bookChanges>(table: Table) =>
          slice(table, rowsBefore(table, machine.nowUs), table.price.length);
        const changes = concat(wholeBook(machine.all[i]!, machine.nowUs), rest(bookChanges));
        return { stream, sources: { trades: [rest(trades)], bookChanges: [changes] } };
      });
      const replay = new MarketsReplay(replayed, keeper);
      return { run: () => replay.run(), close: () => replay.close() };
    },
  };
}

/** A process of a run: to the end of the stream, or until it is killed. */
async function drive(
  machine: Machine,
  parts: Partial<RunParts> = {},
): Promise<{ readonly run: OpenRun; done: Reconciled }> {
  const { journal, exchange } = machine;
  const copied = <State>(state: State): State => JSON.parse(JSON.stringify(state));
  const hold = (desk: DeskState, outbox: readonly JournalRecord[] = []): void => {
    machine.step("before it is held", outbox);
    machine.held = copied(desk);
    machine.outbox = outbox;
    machine.mark = machine.written.length;
    machine.step("after it is held", outbox);
  };
  const own: MemoryJournal = Object.assign(Object.create(journal), {
    write: async (...given: Parameters<MemoryJournal["write"]>) => {
      machine.step("before a write", given[0]);
      machine.written.push(...given[0]);
      const done = await journal.write(...given);
      machine.step("after a write", given[0]);
      return done;
    },
  });
  const brokerFor = (paper: PacedBroker): PacedBroker => ({
    submit: async (order) => {
      machine.step("before an order");
      expect(exchange.get(order.id) ?? order).toEqual(order);
      exchange.set(order.id, order);
      machine.step("between exchange and answer");
      await paper.submit(order);
    },
    withdraw: (...given) => paper.withdraw(...given),
    knows: async (id) => exchange.has(id),
    open: () => paper.open(),
    reports: () => paper.reports(),
    onTime: (symbol, localUs, book) => {
      machine.nowUs = Math.max(machine.nowUs, localUs);
      return paper.onTime(symbol, localUs, book);
    },
  });
  const later = machine.written.slice(machine.mark);
  const { saved, held, outbox } = machine;
  let bars = 0;
  const decidedUs = lastDecidedUs([...outbox, ...later], held?.decidedUs ?? null);
  const run: OpenRun = await testRun(machine.all, own, {
    ...parts,
    ...{ source: streamOf(machine), brokerFor, saved, held, decidedUs },
    onOrders: async (now) => hold(now()),
    onNews: async (now, records) => hold(now(), records),
    onBar: async (_, save) => {
      hold(run.held());
      // What bars go on from is kept now and then.
      if (bars++ % 4 === 0) machine.saved = copied(save());
    },
  });
  const { atUs } = run.desk.account;
  const done = await reconcile(run, own, later, { name: "test", outbox, atUs });
  await run.run();
  return { run, done };
}

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
