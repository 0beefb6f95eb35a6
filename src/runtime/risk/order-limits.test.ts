import fc from "fast-check";
import { expect, test } from "vitest";
import { MINUTE_US } from "../../core/time.js";
import { OrderLimits } from "./order-limits.js";

const LIMITS = { ordersPerMinute: 3, ordersPerDay: 10, requestsPerMinute: 5 };
const ENTRY = { isExit: false };
const EXIT = { isExit: true };

test("entries beyond a limit are refused until its window is over, and the limit is named", async () => {
  const limits = new OrderLimits(LIMITS);
  const at = (minute: number): number => minute * MINUTE_US;
  for (let i = 0; i < 3; i++) expect(await limits.take(at(1) + i, "2024-01-01", ENTRY)).toBe("");
  expect(await limits.take(at(1) + 9, "2024-01-01", ENTRY)).toBe("orders a minute");
  for (const minute of [2, 3]) {
    for (let i = 0; i < 3; i++) expect(await limits.take(at(minute), "2024-01-01", ENTRY)).toBe("");
  }
  expect(await limits.take(at(4), "2024-01-01", ENTRY)).toBe("");
  expect(await limits.take(at(5), "2024-01-01", ENTRY)).toBe("orders a day");
  expect(await limits.take(at(6), "2024-01-02", ENTRY)).toBe("");
});

test("exits are never refused, and count", async () => {
  const limits = new OrderLimits(LIMITS);
  for (let i = 0; i < 20; i++) expect(await limits.take(i, "2024-01-01", EXIT)).toBe("");
  expect(await limits.take(30, "2024-01-01", ENTRY)).toBe("orders a minute");
});

test("a limit of 0 lets no entry through", async () => {
  const limits = new OrderLimits({ ...LIMITS, ordersPerDay: 0 });
  expect(await limits.take(0, "2024-01-01", ENTRY)).toBe("orders a day");
});

test("no window ever holds more entries than its limit, and a cut changes nothing", async () => {
  const orders = fc.array(
    fc.record({ gapUs: fc.integer({ min: 0, max: 40e6 }), isExit: fc.boolean() }),
    { maxLength: 60 },
  );
  await fc.assert(
    fc.asyncProperty(orders, async (list) => {
      const whole = new OrderLimits(LIMITS);
      let cut = new OrderLimits(LIMITS);
      let timeUs = 0;
      const entries = new Map<number, number>();
      for (const { gapUs, isExit } of list) {
        timeUs += gapUs;
        const said = await whole.take(timeUs, "2024-01-01", { isExit });
        expect(await cut.take(timeUs, "2024-01-01", { isExit })).toBe(said);
        const saved = JSON.parse(JSON.stringify(cut.save()));
        cut = new OrderLimits(LIMITS);
        await cut.restore(saved);
        if (said !== "" || isExit) continue;
        const minute = Math.floor(timeUs / MINUTE_US);
        entries.set(minute, (entries.get(minute) ?? 0) + 1);
      }
      for (const count of entries.values()) expect(count).toBeLessThanOrEqual(3);
      const all = [...entries.values()].reduce((sum, count) => sum + count, 0);
      expect(all).toBeLessThanOrEqual(10);
      expect(Object.keys(whole.save().counts).length).toBeLessThanOrEqual(3);
    }),
    { seed: 1, numRuns: 60 },
  );
});
