import fc from "fast-check";
import { expect, test } from "vitest";
import { DAY_US, HOUR_US, MINUTE_US, SECOND_US } from "../../core/time.js";
import { START_US } from "../../features/test-market.js";
import { Portfolio } from "../../trading/portfolio.js";
import { prague } from "../../trading/rules/test-account.js";
import { RiskDesk } from "../risk/risk-desk.js";
import { bookFill } from "./book-fill.js";
import { MemoryJournal, markets, SETTINGS, SYMBOLS, testRun } from "./test-run.js";

const BEGIN_US = prague("2024-03-29 09:00");
const SWAP_RATIO = 0.001;
const PRICE = 1000;

/** An account without fees whose price stands still. */
class Holder {
  readonly portfolio: Portfolio = new Portfolio({
    ...{ capitalUsd: 100_000, symbols: SYMBOLS, feeBps: 0, horizonBars: 4, barUs: MINUTE_US },
    ...{ threshold: 0, minimumOrderUsd: 5 },
  });
  readonly desk: RiskDesk;
  private fills = 0;

  constructor() {
    const settings = { ...SETTINGS.risk, swapRatio: SWAP_RATIO };
    this.desk = new RiskDesk(settings, this.portfolio, { atUs: BEGIN_US });
    this.portfolio.mark(0, PRICE, PRICE, BEGIN_US);
  }

  fill(atUs: number, amount: number): void {
    const fill = { orderId: `${this.fills++}`, atUs, amount, valueUsd: amount * PRICE, mid: PRICE };
    bookFill(this.portfolio, this.desk, 0, fill);
    this.desk.lookAgain(atUs);
  }

  bar(atUs: number): void {
    this.desk.payHolding(atUs);
    this.desk.lookAgain(atUs);
  }

  get balanceUsd(): number {
    return this.portfolio.value().balanceUsd;
  }
}

test("a fill in the first event after midnight comes after the swap of what was held at midnight", () => {
  const midnightUs = prague("2024-03-30 00:00");
  const closed = new Holder();
  closed.fill(BEGIN_US + HOUR_US, 50);
  closed.fill(midnightUs + SECOND_US, -50);
  expect(closed.balanceUsd).toBeCloseTo(100_000 - 50, 9);
  expect(closed.desk.floors().dailyUsd).toBeCloseTo(99_950 - 5000, 9);
  expect(closed.desk.takeNews()).toContainEqual({
    ...{ atUs: midnightUs, name: "swap", detail: "paid 50.00 USD" },
  });
  const opened = new Holder();
  opened.fill(midnightUs + SECOND_US, 50);
  closed.bar(midnightUs + MINUTE_US);
  opened.bar(midnightUs + MINUTE_US);
  expect(closed.balanceUsd).toBeCloseTo(99_950, 9);
  expect(opened.balanceUsd).toBe(100_000);
});

test("whatever passes a midnight, what was held at it pays its swap once", () => {
  // Some begin while clocks are changed, and all go on over several midnights; a step may fall on one.
  const steps = fc.array(
    fc.record({
      what: fc.constantFrom("fill", "price", "bar", "bar"),
      amount: fc.constantFrom(-2, -1, 1, 2),
      gapUs: fc.oneof(
        fc.integer({ min: 0, max: 2 * HOUR_US }),
        fc.integer({ min: 1, max: 60 }).map((hours) => hours * HOUR_US),
      ),
    }),
    { minLength: 1, maxLength: 40 },
  );
  fc.assert(
    fc.property(steps, (list) => {
      const holder = new Holder();
      let atUs = BEGIN_US;
      let expectedUsd = 0;
      for (const { what, amount, gapUs } of list) {
        // Prague's midnights are at 23:00 UTC up to the second one, and at 22:00 UTC from then on.
        const held = Math.abs(holder.portfolio.position(0));
        const nights = midnightsUpTo(atUs + gapUs) - midnightsUpTo(atUs);
        expectedUsd += nights * held * PRICE * SWAP_RATIO;
        atUs += gapUs;
        if (what === "fill") holder.fill(atUs, amount);
        else if (what === "bar") holder.bar(atUs);
        else holder.desk.look(atUs);
        expect(100_000 - holder.balanceUsd).toBeCloseTo(expectedUsd, 6);
        expect(holder.desk.account.balanceCents).toBe(Math.round(100 * holder.balanceUsd));
      }
    }),
    { seed: 1, numRuns: 200 },
  );
});

/** Midnights in Prague from the test's begin to a time, by the law: clocks go forward on 31 March 2024 at 01:00 UTC. */
function midnightsUpTo(timeUs: number): number {
  const utcUs = Date.UTC(2024, 2, 31, 1) * 1000;
  const localUs = timeUs + (timeUs < utcUs ? HOUR_US : 2 * HOUR_US);
  return Math.floor(localUs / DAY_US) - Math.floor((BEGIN_US + HOUR_US) / DAY_US);
}

test("in a run the swap is paid on what the fills before midnight have left", async () => {
  const rules = { ...SETTINGS.risk.rules, timeZone: "UTC" };
  const settings = { ...SETTINGS, risk: { ...SETTINGS.risk, rules, swapRatio: SWAP_RATIO } };
  const journal = new MemoryJournal();
  await (await testRun(markets(660), journal, { settings })).run();
  const midnightUs = START_US + 600 * SECOND_US;
  const near = journal.of("fill").filter(({ atUs }) => Math.abs(atUs - midnightUs) < SECOND_US);
  expect(near.some(({ atUs }) => atUs < midnightUs)).toBe(true);
  expect(near.some(({ atUs }) => atUs > midnightUs)).toBe(true);
  const held = SYMBOLS.map((symbol) =>
    journal
      .of("fill")
      .filter((fill) => fill.symbol === symbol && fill.atUs < midnightUs)
      .reduce((sum, { amount }) => sum + amount, 0),
  );
  const mids = SYMBOLS.map(
    (symbol) =>
      journal.of("decision").find((one) => one.symbol === symbol && one.barEndUs === midnightUs)!
        .mid,
  );
  const swap = journal.of("risk").filter(({ name }) => name === "swap");
  expect(swap).toHaveLength(1);
  expect(swap[0]!.atUs).toBe(midnightUs);
  const value = held.reduce((sum, amount, i) => sum + Math.abs(amount) * mids[i]!, 0);
  const paid = Number(/paid (\S+) USD/.exec(swap[0]!.detail)![1]);
  // Positions are closed half a spread off the mid.
  expect(paid / (SWAP_RATIO * value)).toBeCloseTo(1, 3);
});
