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

const DAYS = ["2024-01-01", "2024-01-02"] as const;

/** The rules written down plainly: every order that was let through is kept, and windows are counted anew at each. */
function slowLimits() {
  const sent: { readonly minute: number; readonly date: string }[] = [];
  return (atUs: number, date: string, isExit: boolean): string => {
    const minute = Math.floor(atUs / MINUTE_US);
    const inMinute = sent.filter((one) => one.minute === minute).length;
    const inDay = sent.filter((one) => one.date === date).length;
    const reached = [
      inMinute >= LIMITS.ordersPerMinute ? "orders a minute" : "",
      inDay >= LIMITS.ordersPerDay ? "orders a day" : "",
      inMinute >= LIMITS.requestsPerMinute ? "requests a minute" : "",
    ].find((one) => one !== "");
    if (reached !== undefined && !isExit) return reached;
    sent.push({ minute, date });
    return "";
  };
}

test("limits are those of a plain count, and a cut changes nothing", async () => {
  const orders = fc.array(
    fc.record({ gapUs: fc.integer({ min: 0, max: 40e6 }), isExit: fc.boolean() }),
    { maxLength: 60 },
  );
  await fc.assert(
    fc.asyncProperty(orders, async (list) => {
      const whole = new OrderLimits(LIMITS);
      const slow = slowLimits();
      let cut = new OrderLimits(LIMITS);
      let timeUs = 0;
      for (const [i, { gapUs, isExit }] of list.entries()) {
        timeUs += gapUs;
        const date = DAYS[i < 40 ? 0 : 1];
        const said = await whole.take(timeUs, date, { isExit });
        expect(said).toBe(slow(timeUs, date, isExit));
        expect(await cut.take(timeUs, date, { isExit })).toBe(said);
        const saved = JSON.parse(JSON.stringify(cut.save()));
        expect(saved).toEqual(whole.save());
        cut = new OrderLimits(LIMITS);
        await cut.restore(saved);
      }
      expect(Object.keys(whole.save().counts).length).toBeLessThanOrEqual(3);
    }),
    { seed: 1, numRuns: 60 },
  );
});

test("restored limits forget what they had counted", async () => {
  const limits = new OrderLimits(LIMITS);
  const take = (): Promise<string> => limits.take(0, DAYS[0], ENTRY);
  const before = limits.save();
  for (let i = 0; i < 3; i++) expect(await take()).toBe("");
  expect(await take()).toBe("orders a minute");
  await limits.restore(before);
  expect(await take()).toBe("");
});
