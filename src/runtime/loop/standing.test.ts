import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DataError, GateError } from "../../core/errors.js";
import { seededRandom } from "../../core/random.js";
import { BAR_US } from "../../features/test-market.js";
import type { BrokerReport } from "../broker/broker.js";
import { Control, haltFile, writeHalt } from "./control.js";
import type { RunParts } from "./open-run.js";
import { MemoryJournal, markets, SETTINGS, statesOf, testRun } from "./test-run.js";

const BARS = 240;
const STOP = 100;

let root: string;

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), "tickbook-standing-"));
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

/** Runs, and does something after a bar. */
async function runWith(
  journal: MemoryJournal,
  at: (bar: number) => Promise<void> | void,
  parts: Partial<RunParts> = {},
) {
  let bar = 0;
  const run = await testRun(markets(BARS), journal, {
    ...parts,
    onBar: async () => {
      await at(bar++);
    },
  });
  await run.run();
  return run;
}

/** End of the bar after which something happened. */
const timeOf = (journal: MemoryJournal, bar: number): number => {
  const first = Math.min(...journal.of("decision").map(({ barEndUs }) => barEndUs));
  return first + bar * BAR_US;
};

test("a halt closes everything at the next bar, and nothing is entered until it is lifted", async () => {
  const journal = new MemoryJournal();
  const control = new Control(root, async () => {});
  const run = await runWith(
    journal,
    async (bar) => {
      if (bar === STOP) await writeHalt(root, { since: "2024-11-01T00:00:00Z", reason: "a test" });
      if (bar === STOP + 60) await rm(haltFile(root));
    },
    { control },
  );
  const [from, to] = [timeOf(journal, STOP), timeOf(journal, STOP + 60)];
  const during = journal.of("order").filter(({ decidedUs }) => decidedUs > from && decidedUs < to);
  expect(during.length).toBeGreaterThan(0);
  expect(during.every(({ purpose }) => purpose !== "entry")).toBe(true);
  // Whatever was filled up to two bars later, nothing is held then.
  for (const symbol of SETTINGS.symbols) {
    const held = journal
      .of("fill")
      .filter((fill) => fill.symbol === symbol && fill.atUs < to)
      .reduce((sum, { amount }) => sum + amount, 0);
    expect(held).toBeCloseTo(0, 9);
  }
  const after = journal.of("order").filter(({ decidedUs }) => decidedUs > to);
  expect(after.some(({ purpose }) => purpose === "entry")).toBe(true);
  const names = journal.of("risk").map(({ name }) => name);
  expect(names).toContain("halted");
  expect(names).toContain("halt-lifted");
  expect(run.counts.bars).toBeGreaterThan(BARS - 10);
});

test("a halt that cannot be read is obeyed", async () => {
  const journal = new MemoryJournal();
  await mkdir(path.dirname(haltFile(root)), { recursive: true });
  await writeFile(haltFile(root), "{");
  await runWith(journal, () => {}, { control: new Control(root, async () => {}) });
  expect(journal.of("order")).toEqual([]);
  expect(journal.of("decision").every(({ side }) => side === 0)).toBe(true);
});

test("a demoted model enters nothing from the next bar on, and what it holds is given back in its time", async () => {
  const journal = new MemoryJournal();
  let isDemoted = false;
  const control = new Control(root, async () => {
    if (isDemoted) throw new GateError({ message: "was demoted" });
  });
  const run = await runWith(
    journal,
    async (bar) => {
      if (bar !== STOP) return;
      isDemoted = true;
      // As a demotion does, the ledger changes.
      await mkdir(path.join(root, "registry"), { recursive: true });
      await writeFile(path.join(root, "registry", "trials.jsonl"), "changed\n");
    },
    { control },
  );
  const from = timeOf(journal, STOP);
  const later = journal.of("order").filter(({ decidedUs }) => decidedUs > from);
  expect(later.length).toBeGreaterThan(0);
  expect(later.every(({ purpose }) => purpose === "exit")).toBe(true);
  expect(run.portfolio.isFlat).toBe(true);
  const reasons = journal.of("decision").filter(({ barEndUs }) => barEndUs > from);
  expect(reasons.some(({ reason }) => reason.startsWith("outside: was demoted"))).toBe(true);
});

test("while the journal's database is down nothing is entered, exits go on, and entries that it did not take are withdrawn", async () => {
  const journal = new MemoryJournal();
  const submitted: number[] = [];
  await runWith(journal, (bar) => {
    // First it only does not answer; then it is known to be down.
    journal.answers = bar < STOP || bar > STOP + 40;
    journal.isUp = bar < STOP + 3 || bar > STOP + 40;
    submitted.push(bar);
  });
  const [from, known, to] = [STOP, STOP + 4, STOP + 40].map((bar) => timeOf(journal, bar));
  const ends = new Map(journal.of("order-end").map((end) => [end.orderId, end]));
  const during = journal.of("order").filter((one) => one.barEndUs > from! && one.barEndUs <= to!);
  expect(during.some(({ purpose }) => purpose === "entry")).toBe(true);
  for (const { id, purpose, barEndUs } of during) {
    if (purpose !== "entry") continue;
    expect(barEndUs).toBeLessThanOrEqual(known!);
    expect(ends.get(id)).toMatchObject({ status: "withdrawn" });
  }
  const filled = new Set(journal.of("fill").map(({ orderId }) => orderId));
  const exits = during.filter(({ purpose }) => purpose === "exit");
  expect(exits.length).toBeGreaterThan(0);
  expect(exits.every(({ id }) => filled.has(id) || ends.get(id)?.status === "unfilled")).toBe(true);
});

test("a journal that takes no entry, as on a full disk, ends no run, and exits go on", async () => {
  const journal = new MemoryJournal();
  const write = journal.write.bind(journal);
  let isFull = false;
  journal.write = async (records, needs) => {
    if (isFull && needs === "database") throw new DataError({ message: "the disk is full" });
    return await write(records, needs);
  };
  const run = await runWith(journal, (bar) => {
    isFull = bar >= STOP && bar < STOP + 40;
  });
  const [from, to] = [timeOf(journal, STOP), timeOf(journal, STOP + 40)];
  const during = journal.of("order").filter((one) => one.barEndUs > from && one.barEndUs <= to);
  expect(during.length).toBeGreaterThan(0);
  expect(during.every(({ purpose }) => purpose === "exit")).toBe(true);
  // Nothing was filled that is not written down.
  const ids = new Set(journal.of("order").map(({ id }) => id));
  for (const { orderId } of journal.of("fill")) expect(ids).toContain(orderId);
  const later = journal.of("order").filter(({ barEndUs }) => barEndUs > to);
  expect(later.some(({ purpose }) => purpose === "entry")).toBe(true);
  expect(run.counts.bars).toBeGreaterThan(BARS - 10);
});

test("near the day's floor everything is closed, and nothing entered for the rest of the day, over restarts", async () => {
  const journal = new MemoryJournal();
  // Costs that no size reckons with eat the account up within the first minutes.
  const stress = { other: 1e-4, bySymbol: {} };
  const guard = { ...SETTINGS.risk.guard, stress, reduceRatio: 0.11 };
  const risk = { ...SETTINGS.risk, guard, costRatio: 1e-4 };
  const settings = { ...SETTINGS, feeBps: 60, risk };
  const [state] = await statesOf(markets(BARS), journal, [BARS - 40], { settings });
  const flatten = journal.of("risk").find(({ name }) => name === "flatten")!;
  expect(flatten.detail).toMatch(/near the daily loss|a stress move would break a rule/);
  const later = journal.of("order").filter(({ decidedUs }) => decidedUs > flatten.atUs);
  expect(later.every(({ purpose }) => purpose !== "entry")).toBe(true);
  // Before the rule broke.
  const equity = journal.of("equity").map(({ equityUsd }) => equityUsd);
  expect(Math.min(...equity)).toBeGreaterThan(95_000);
  expect(journal.of("risk").map(({ name }) => name)).not.toContain("daily-loss");
  const again = new MemoryJournal();
  const second = await testRun(markets(BARS), again, { saved: state, settings });
  await second.run();
  expect(again.of("order")).toEqual([]);
  expect(second.desk.action).toBe("flatten");
  expect(second.portfolio.isFlat).toBe(true);
});

test("limits stop entries and never exits", async () => {
  const journal = new MemoryJournal();
  const limits = { ...SETTINGS.limits, ordersPerDay: 30 };
  const run = await runWith(journal, () => {}, { settings: { ...SETTINGS, limits } });
  const orders = journal.of("order");
  expect(orders.filter(({ purpose }) => purpose === "entry").length).toBeLessThanOrEqual(30);
  expect(orders.length).toBeGreaterThan(30);
  expect(orders.slice(30).every(({ purpose }) => purpose === "exit")).toBe(true);
  expect(journal.of("decision").some(({ reason }) => reason === "limit: orders a day")).toBe(true);
  expect(run.portfolio.isFlat).toBe(true);
});

test("a position stays in whole lots, whatever its stakes are", async () => {
  const step = 0.5;
  const lots = { BTCUSDT: { most: 1000, least: step, step } };
  const risk = { ...SETTINGS.risk, rules: { ...SETTINGS.risk.rules, lots } };
  const journal = new MemoryJournal();
  await runWith(journal, () => {}, { settings: { ...SETTINGS, risk } });
  const orders = journal.of("order").filter(({ symbol }) => symbol === "BTCUSDT");
  expect(orders.length).toBeGreaterThan(30);
  for (const { amount } of orders) expect(amount / step).toBeCloseTo(Math.round(amount / step), 9);
});

test("what orders have left unfilled is closed with all else, however little it is", async () => {
  const random = seededRandom(3, "partial fills");
  let bar = 0;
  // Books hold a part of each order; of those that close everything nearly all, and then all.
  const trimmed = (report: BrokerReport): BrokerReport => {
    if (report.kind === "end" || bar > STOP + 2) return report;
    const share = bar > STOP ? 1 - 1e-9 : random.uniform();
    return { ...report, amount: share * report.amount, valueUsd: share * report.valueUsd };
  };
  const journal = new MemoryJournal();
  const run = await testRun(markets(BARS), journal, {
    control: {
      look: async () => ({ halted: bar > STOP ? "halted: a test" : "", demoted: "" }),
    } as unknown as Control,
    brokerFor: (paper) =>
      Object.assign(Object.create(paper) as typeof paper, {
        reports: () => paper.reports().map(trimmed),
      }),
    onBar: async () => {
      bar++;
    },
  });
  await run.run();
  const flattened = journal.of("order").filter(({ purpose }) => purpose === "flatten");
  expect(Math.min(...flattened.map(({ amount }) => amount))).toBeLessThan(1e-6);
  expect(run.portfolio.isFlat).toBe(true);
  // All that was traded was opened and closed.
  const volume = (amounts: readonly { readonly amount: number }[]): number =>
    amounts.reduce((sum, { amount }) => sum + Math.abs(amount), 0);
  expect(volume(journal.of("fill"))).toBeCloseTo(2 * volume(journal.of("trade")), 6);
});
