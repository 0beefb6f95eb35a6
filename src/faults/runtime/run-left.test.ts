import { expect, test } from "vitest";
import { TOO_LATE } from "../../runtime/loop/prior.js";
import { UNSENT } from "../../runtime/loop/reconcile.js";
import type { JournalRecord, OrderEndRecord, OrderRecord } from "../../runtime/records.js";
import type { SeenOrder } from "./exchange-log.js";
import { judgeOrders, judgeRun, type RunLeft } from "./run-left.js";

const ORDERS = [1, 2, 3, 4, 5].map(
  (bar): OrderRecord => ({
    ...{ kind: "order", run: "stopped", id: `id ${bar}`, symbol: "BTCUSDT", barEndUs: bar },
    ...{ side: bar % 2 === 0 ? -1 : 1, amount: bar, purpose: "entry", decidedUs: bar },
  }),
);
const end = ({ run, id: orderId, barEndUs: atUs }: OrderRecord): OrderEndRecord => ({
  ...{ kind: "order-end", run, orderId, atUs, status: "filled", reason: "" },
});
const seen = ({ id, symbol, side, amount, decidedUs }: OrderRecord): SeenOrder => ({
  ...{ id, symbol, amount: side * amount, decidedUs, waits: false, seenMs: 0, isOther: false },
});

const WHOLE: RunLeft = {
  records: [...ORDERS, ...ORDERS.map(end)],
  conflicts: 0,
  state: undefined,
  exchange: ORDERS.map(seen),
};
const NONE = { lost: 0, duplicated: 0, unlogged: 0, what: "" };

const withRecords = (records: readonly JournalRecord[]): RunLeft => ({ ...WHOLE, records });

test("a run whose journal and exchange tell the same has no flaw", () => {
  expect(judgeOrders(WHOLE)).toEqual(NONE);
  expect(judgeRun(WHOLE, WHOLE)).toEqual(NONE);
});

test("an order that the exchange never saw is lost, unless it was taken back before it was sent", () => {
  const left = { ...WHOLE, exchange: WHOLE.exchange.slice(1) };
  expect(judgeOrders(left)).toEqual({ ...NONE, lost: 1 });
  for (const reason of [TOO_LATE, UNSENT]) {
    const back = { ...end(ORDERS[0]!), status: "withdrawn", reason } as const;
    const records = [...ORDERS, back, ...ORDERS.slice(1).map(end)];
    expect(judgeOrders({ ...left, records })).toEqual(NONE);
    expect(judgeOrders({ ...WHOLE, records })).toEqual({ ...NONE, unlogged: 1 });
  }
});

test("an order that nobody wrote down, or with another amount, is unlogged", () => {
  expect(judgeOrders(withRecords(WHOLE.records.slice(1)))).toMatchObject({ unlogged: 1 });
  const other = { ...ORDERS[0]!, amount: 7 };
  const records = [other, ...WHOLE.records.slice(1)];
  expect(judgeOrders(withRecords(records))).toEqual({ ...NONE, unlogged: 1 });
});

test("two orders of one symbol at one time are one too many, be they of one identity or of two", () => {
  const again = { ...seen(ORDERS[0]!), amount: 9, isOther: true };
  const other = { ...seen(ORDERS[0]!), id: "another", amount: -1 };
  for (const order of [again, other]) {
    const left = { ...WHOLE, exchange: [...WHOLE.exchange, order] };
    expect(judgeOrders(left)).toMatchObject({ duplicated: 1, unlogged: 1 });
  }
});

test("a refused record, orders without an end, and any other record or order of records are told", () => {
  expect(judgeOrders({ ...WHOLE, conflicts: 1 }).what).toContain("1 conflicts");
  expect(judgeOrders(withRecords(ORDERS)).what).toContain("5 orders without end");
  const [first, second, ...rest] = WHOLE.records;
  const swapped = withRecords([second!, first!, ...rest]);
  expect(judgeRun(swapped, WHOLE).what).toContain("record 0 was");
  const fewer = judgeRun(withRecords(WHOLE.records.slice(0, -1)), WHOLE);
  expect(fewer.what).toContain("record 9 was undefined");
  const turned = { ...WHOLE, exchange: [...WHOLE.exchange].reverse() };
  expect(judgeRun(turned, WHOLE).what).toContain("in another order");
});
