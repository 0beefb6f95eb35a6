import { expect, test } from "vitest";
import { Freshness } from "./freshness.js";

const SYMBOLS = ["BTCUSDT", "ETHUSDT"];

test("a book is stale once it was not heard of for longer than it may be, and told so once", () => {
  const watch = new Freshness(SYMBOLS, { afterMs: 100, nowMs: 0 });
  expect(watch.heard("BTCUSDT", true, 50)).toBe(false);
  expect(watch.check(100)).toEqual([]);
  expect(watch.check(101)).toEqual(["ETHUSDT"]);
  expect(watch.check(150)).toEqual([]);
  expect(watch.check(151)).toEqual(["BTCUSDT"]);
  expect(watch.heard("BTCUSDT", false, 160)).toBe(true);
  expect(watch.heard("BTCUSDT", false, 161)).toBe(false);
  expect(watch.check(261)).toEqual([]);
  expect(watch.check(262)).toEqual(["BTCUSDT"]);
});

test("after a lost connection only a snapshot is a sign of life", () => {
  const watch = new Freshness(SYMBOLS, { afterMs: 100, nowMs: 0 });
  watch.heard("BTCUSDT", true, 0);
  watch.heard("ETHUSDT", true, 0);
  watch.lose();
  watch.heard("BTCUSDT", false, 90);
  watch.heard("ETHUSDT", true, 90);
  expect(watch.check(120)).toEqual(["BTCUSDT"]);
  expect(watch.heard("BTCUSDT", false, 130)).toBe(false);
  expect(watch.heard("BTCUSDT", true, 140)).toBe(true);
});

test("time in which nobody listened does not count", () => {
  const watch = new Freshness(SYMBOLS, { afterMs: 100, nowMs: 0 });
  watch.excuse(90);
  expect(watch.check(190)).toEqual([]);
  expect(watch.check(191)).toEqual(SYMBOLS);
  watch.excuse(200);
  expect(watch.heard("BTCUSDT", true, 201)).toBe(true);
  expect(watch.heard("DOGE", true, 201)).toBe(false);
});
