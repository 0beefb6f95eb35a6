// For tests only: a stream's run whose processes are killed between any two of their steps, and what outlives them.
import { expect } from "vitest";
import {
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
import { lastDecidedUs, type Reconciled, reconcile } from "./reconcile.js";
import type { PacedBroker } from "./session.js";
import type { DeskState, SessionState } from "./session-state.js";
import { MemoryJournal, markets, testRun } from "./test-run.js";

/** Bars of a machine's market unless it is given another. */
export const BARS = 60;

/** Between two steps of a run its process ends. */
export class Killed extends Error {}

/** What outlives a process: its journal, the exchange, and what it wrote to the disk. */
export class Machine {
  readonly journal: MemoryJournal = new MemoryJournal();
  readonly exchange: Map<string, BrokerOrder> = new Map();
  readonly places: Map<string, number> = new Map();
  saved: SessionState | undefined;
  held: DeskState | undefined;
  /** Records that were about to be written when that was held. */
  outbox: readonly JournalRecord[] = [];
  /** Records in the order of writing, and how many of them what is held knows of. */
  readonly written: JournalRecord[] = [];
  mark = 0;
  nowUs: number = START_US;
  steps = 0;
  isDead = false;
  killAt: number = Number.POSITIVE_INFINITY;
  /** In place of a number of steps: the place and the records of the step. */
  killOn: (place: string, records: readonly JournalRecord[]) => boolean = () => false;

  constructor(readonly all: readonly Market[] = markets(BARS)) {}

  step(place: string, records: readonly JournalRecord[] = []): void {
    // Who was killed does nothing any more.
    if (this.isDead) throw new Killed(place);
    if (++this.steps !== this.killAt && !this.killOn(place, records)) return;
    this.places.set(place, (this.places.get(place) ?? 0) + 1);
    this.isDead = true;
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
export async function drive(
  machine: Machine,
  parts: Partial<RunParts> = {},
): Promise<{ readonly run: OpenRun; done: Reconciled }> {
  const { journal, exchange } = machine;
  machine.isDead = false;
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
