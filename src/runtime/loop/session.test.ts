import { expect, test } from "vitest";
import { numbersToText, textToNumbers } from "../../core/exact-numbers.js";
import { firstDifference } from "../../features/test-cuts.js";
import { featureRows } from "../../features/test-market.js";
import type { FeedSource } from "../feed/feed.js";
import type { DecisionRecord, FillRecord, JournalRecord } from "../records.js";
import { SignalMaker } from "../signal/signal-maker.js";
import {
  ENGINE,
  MemoryJournal,
  MODEL,
  markets,
  memoryFeed,
  SETTINGS,
  SYMBOLS,
  statesOf,
  testRun,
  timeless,
} from "./test-run.js";

const BARS = 600;

const decisionsOf = (journal: MemoryJournal, symbol: string): readonly DecisionRecord[] =>
  journal.of("decision").filter((one) => one.symbol === symbol);

test("features and signals of a run are those of a batch, bit for bit", async () => {
  const all = markets(BARS);
  const journal = new MemoryJournal();
  await (await testRun(all, journal, { settings: { ...SETTINGS, mode: "dry-run" } })).run();
  for (const [i, symbol] of SYMBOLS.entries()) {
    const rows = await featureRows(all[i]!, ENGINE);
    const decisions = decisionsOf(journal, symbol);
    const live = decisions.map(({ barEndUs, mid, features, valid }) => {
      return { barEndUs, mid, values: textToNumbers(features), valid: BigInt(valid) };
    });
    expect(live.length).toBeGreaterThan(BARS - 10);
    // A market whose events end earlier has no bars after them in a batch.
    expect(firstDifference(live.slice(0, rows.length), rows)).toBe(-1);
    const source = { hasTrades: true, tag: "incremental_book_L2" } as const;
    const maker = new SignalMaker(MODEL, source, SETTINGS.signal);
    for (const [k, row] of rows.entries()) {
      const { probability, side, reason } = await maker.next(row);
      expect(numbersToText([probability])).toBe(numbersToText([decisions[k]!.probability]));
      expect(decisions[k]).toMatchObject({ side, reason });
    }
  }
  expect(journal.of("order")).toEqual([]);
});

test("a model is asked before the first event comes, so that no bar waits for what computes it", async () => {
  let asked = 0;
  const predictor = {
    ...MODEL.predictor,
    get model() {
      asked++;
      return MODEL.predictor.model;
    },
  };
  const counts: number[] = [];
  const events = memoryFeed(markets(10));
  const source: FeedSource = {
    ...events,
    open: async (...how) => {
      counts.push(asked);
      return await events.open(...how);
    },
  };
  const all = markets(10);
  await (await testRun(all, new MemoryJournal(), { model: { ...MODEL, predictor }, source })).run();
  expect(counts[0]).toBeGreaterThan(0);
});

test("a paper run orders, fills and closes, and what it writes down is one story", async () => {
  const journal = new MemoryJournal();
  const run = await testRun(markets(BARS), journal);
  expect(await run.run()).toBe(true);
  const orders = journal.of("order");
  const fills = journal.of("fill");
  expect(orders.length).toBeGreaterThan(100);
  expect(run.counts.orders).toBe(orders.length);
  const ids = new Set(orders.map(({ id }) => id));
  expect(ids.size).toBe(orders.length);
  for (const { orderId } of [...fills, ...journal.of("order-end")]) expect(ids).toContain(orderId);
  // Whatever was filled is held, and whatever was closed was opened before.
  for (const [i, symbol] of SYMBOLS.entries()) {
    const held = fills.filter((fill) => fill.symbol === symbol);
    const sum = held.reduce((total, { amount }) => total + amount, 0);
    expect(run.portfolio.position(i)).toBeCloseTo(sum, 9);
  }
  const trades = journal.of("trade");
  expect(trades.length).toBeGreaterThan(50);
  for (const { openedBy, openedUs, closedUs } of trades) {
    expect(ids).toContain(openedBy);
    expect(closedUs).toBeGreaterThan(openedUs);
  }
  // The balance is what closed trades and the fees of all fills made of the capital.
  const fees = fills.reduce((total, { feeUsd }) => total + feeUsd, 0);
  const value = run.portfolio.value();
  const cash = fills.reduce((total, { valueUsd }) => total - valueUsd, 0);
  const positions = SYMBOLS.reduce(
    (total, _, i) => total + run.portfolio.position(i) * (run.portfolio.closingPrice(i) || 0),
    0,
  );
  expect(value.equityUsd).toBeCloseTo(100_000 + cash + positions - fees, 4);
});

test("what was filled just before a bar's end is written with its decisions, which do not wait for the disk", async () => {
  const batches: (readonly JournalRecord[])[] = [];
  class BatchJournal extends MemoryJournal {
    override async write(...given: Parameters<MemoryJournal["write"]>) {
      batches.push(given[0]);
      return await super.write(...given);
    }
  }
  const journal = new BatchJournal();
  const model = { ...MODEL, latencyUs: MODEL.barUs - 1 };
  await (await testRun(markets(BARS), journal, { model })).run();
  const filled = batches.filter((batch) => batch.some(({ kind }) => kind === "fill"));
  expect(filled.length).toBeGreaterThan(50);
  // But for the last bar's, which is followed by none.
  for (const batch of filled.slice(0, -1)) {
    expect(batch.map(({ kind }) => kind)).toContain("decision");
    for (const record of batch) {
      if (record.kind === "decision") expect(record.barEndUs).toBe(fillOf(batch).atUs + 1);
    }
  }
});

const fillOf = (batch: readonly JournalRecord[]): FillRecord =>
  batch.find((record) => record.kind === "fill")!;

test("orders meet the touch in force a latency after their bar", async () => {
  const all = markets(BARS);
  const journal = new MemoryJournal();
  await (await testRun(all, journal)).run();
  const orders = new Map(journal.of("order").map((order) => [order.id, order]));
  for (const { orderId, atUs, amount, valueUsd, mid } of journal.of("fill")) {
    const order = orders.get(orderId)!;
    expect(atUs - order.barEndUs).toBe(MODEL.latencyUs);
    const price = valueUsd / amount;
    expect(Math.sign(amount)).toBe(order.side);
    expect(Math.sign(price - mid)).toBe(order.side);
  }
});

test("a run that goes on from the state of any bar writes down what an uncut one does, and nothing else", async () => {
  const all = markets(400);
  const whole = new MemoryJournal();
  const cuts = [0, 7, 100, 250, 399];
  const states = await statesOf(all, whole, cuts);
  const expected = [...whole.records.values()].map(timeless);
  for (const [i, cut] of cuts.entries()) {
    const journal = new MemoryJournal();
    // Killed some bars after the last state that it left.
    let bar = 0;
    const first = await testRun(all, journal, {
      onBar: async () => {
        if (bar++ === cut + 3 * i) first.stop();
      },
    });
    await first.run();
    const second = await testRun(all, journal, { saved: states[i] });
    await second.run();
    expect(journal.conflicts).toEqual([]);
    expect([...journal.records.values()].map(timeless)).toEqual(expected);
  }
});
