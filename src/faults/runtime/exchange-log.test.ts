import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import type { BrokerOrder } from "../../runtime/broker/broker.js";
import { ExchangeLog, readExchange } from "./exchange-log.js";

const folder = mkdtempSync(path.join(tmpdir(), "tickbook-exchange-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const order = (id: string, amount = 1): BrokerOrder => ({
  ...{ id, symbol: "BTCUSDT", amount, decidedUs: 5, waits: false },
});

test("what was ordered outlives whoever ordered it, each identity once, and another order of it is told", () => {
  const file = path.join(folder, "orders.jsonl");
  expect(readExchange(file)).toEqual([]);
  const first = new ExchangeLog(file);
  for (const id of ["a", "b", "a"]) first.add(order(id));
  first.close();
  // A kill in the middle of a line: the order was not taken.
  appendFileSync(file, '{"id":"c","sym');
  const second = new ExchangeLog(file);
  expect(["a", "b", "c"].map((id) => second.has(id))).toEqual([true, true, false]);
  second.add(order("c"));
  second.add(order("b"));
  second.add(order("b", 2));
  second.close();
  const seen = readExchange(file).map(({ id, amount, isOther }) => [id, amount, isOther]);
  expect(seen).toEqual([
    ["a", 1, false],
    ["b", 1, false],
    ["c", 1, false],
    ["b", 2, true],
  ]);
});
