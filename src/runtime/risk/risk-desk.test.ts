import { expect, test } from "vitest";
import { HOUR_US, MINUTE_US } from "../../core/time.js";
import { STALE_AFTER_US } from "../../market/order-book.js";
import { Portfolio } from "../../trading/portfolio.js";
import { RULES_PRESETS } from "../../trading/rules/account-rules.js";
import { type Position, stressRatio } from "../../trading/rules/exposure.js";
import { GUARD_SETTINGS } from "../../trading/rules/guard.js";
import { prague } from "../../trading/rules/test-account.js";
import { RiskDesk, type RiskSettings } from "./risk-desk.js";

const SYMBOLS = ["BTCUSDT", "ETHUSDT"];
const BEGIN_US = prague("2024-03-04 09:00");

const SETTINGS: RiskSettings = {
  rules: RULES_PRESETS["ftmo-two-step"],
  phase: "challenge",
  guard: GUARD_SETTINGS,
  cooldown: { lossesInARow: 2, lossUsd: 0, windowMinutes: 60, bars: 3, barUs: MINUTE_US },
  costRatio: 5e-4,
  swapRatio: 0,
  fundingRate: 0,
};

/** A desk and its portfolio of 100,000 USD, without fees. */
function opened(changes: Partial<RiskSettings> = {}): { desk: RiskDesk; portfolio: Portfolio } {
  const portfolio = new Portfolio({
    ...{ capitalUsd: 100_000, symbols: SYMBOLS, feeBps: 0, horizonBars: 4, barUs: MINUTE_US },
    ...{ threshold: 0, minimumOrderUsd: 5 },
  });
  const desk = new RiskDesk({ ...SETTINGS, ...changes }, portfolio, { atUs: BEGIN_US });
  return { desk, portfolio };
}

let orders = 0;

/** Buys or sells at a price, which is the mark from then on. */
function trade(
  { desk, portfolio }: { desk: RiskDesk; portfolio: Portfolio },
  atUs: number,
  amount: number,
  price: number,
): void {
  portfolio.mark(0, price, price, atUs);
  const fill = { orderId: `${orders++}`, atUs, amount, valueUsd: amount * price, mid: price };
  const { closed } = portfolio.take(0, fill);
  if (portfolio.position(0) !== 0) desk.opened(atUs);
  desk.closed(closed);
  desk.lookAgain(atUs);
}

const newsOf = (desk: RiskDesk): readonly string[] =>
  desk.takeNews().map(({ name, detail }) => `${name}: ${detail}`);

test("a price that takes the equity near the day's floor asks to close everything, until local midnight", () => {
  const one = opened();
  const { desk, portfolio } = one;
  trade(one, BEGIN_US + HOUR_US, 100, 1000);
  expect(desk.action).toBe("ok");
  portfolio.mark(0, 956, 956, BEGIN_US + 2 * HOUR_US);
  expect(desk.look(BEGIN_US + 2 * HOUR_US)).toBe(true);
  expect(desk.action).toBe("flatten");
  trade(one, BEGIN_US + 2 * HOUR_US, -100, 956);
  expect(desk.entryBar(BEGIN_US + 3 * HOUR_US)).not.toBe("");
  // Saved and taken over, it is the same desk.
  const again = new RiskDesk(SETTINGS, portfolio, { atUs: 0 });
  again.restore(JSON.parse(JSON.stringify(desk.save())));
  again.lookAgain(prague("2024-03-04 23:59"));
  expect(again.action).toBe("flatten");
  again.lookAgain(prague("2024-03-05 00:00"));
  expect(again.action).toBe("ok");
});

test("a broken rule is told with its figures, and nothing is entered ever again", () => {
  const one = opened();
  const { desk, portfolio } = one;
  trade(one, BEGIN_US + HOUR_US, 100, 1000);
  newsOf(desk);
  portfolio.mark(0, 900, 900, BEGIN_US + 2 * HOUR_US);
  desk.look(BEGIN_US + 2 * HOUR_US);
  expect(desk.account.status).toBe("failed");
  expect(newsOf(desk)[0]).toBe("daily-loss: equity 90000.00 was below 95000.00");
  desk.lookAgain(prague("2024-04-01 12:00"));
  expect(desk.action).toBe("flatten");
});

test("a phase that is passed hands over to the next, which counts its balance anew", () => {
  const one = opened();
  const { desk } = one;
  for (let day = 4; day < 8; day++) {
    trade(one, prague(`2024-03-0${day} 10:00`), 10, 1000);
    trade(one, prague(`2024-03-0${day} 11:00`), -10, 1000 + (day === 4 ? 1000 : 0));
  }
  const news = newsOf(desk);
  expect(news).toContain("passed: challenge");
  expect(news).toContain("phase: verification");
  expect(desk.account).toMatchObject({ phase: "verification", status: "active", openedDays: 0 });
  expect(desk.value().balanceUsd).toBeCloseTo(100_000, 6);
  expect(desk.action).toBe("ok");
});

test("an account that would pass if it were flat is closed, and passes with that", () => {
  const one = opened();
  const { desk, portfolio } = one;
  for (let day = 4; day < 7; day++) {
    trade(one, prague(`2024-03-0${day} 10:00`), 10, 1000);
    trade(one, prague(`2024-03-0${day} 11:00`), -10, 1000);
  }
  // Three days are too few, whatever floats.
  trade(one, prague("2024-03-06 12:00"), 10, 1000);
  portfolio.mark(0, 2200, 2200, prague("2024-03-06 13:00"));
  desk.look(prague("2024-03-06 13:00"));
  expect(desk.action).toBe("ok");
  // The fourth: one cost of closing short of the target is not enough.
  trade(one, prague("2024-03-07 09:00"), 1, 2000);
  portfolio.mark(0, 1909.2, 1909.2, prague("2024-03-07 10:00"));
  desk.look(prague("2024-03-07 10:00"));
  expect(desk.value().equityUsd).toBeGreaterThan(109_000);
  expect(desk.action).toBe("ok");
  portfolio.mark(0, 2100, 2100, prague("2024-03-07 11:00"));
  expect(desk.look(prague("2024-03-07 11:00"))).toBe(true);
  expect(desk.reason).toBe("the target is reached");
  trade(one, prague("2024-03-07 11:01"), -11, 2100);
  expect(newsOf(desk)).toContain("passed: challenge");
  expect(desk.action).toBe("ok");
});

test("a swap is booked at local midnight, before the day's floor is set from the balance", () => {
  const one = opened({ swapRatio: 0.001 });
  const { desk } = one;
  trade(one, BEGIN_US + HOUR_US, 50, 1000);
  const midnight = prague("2024-03-05 00:00");
  desk.payHolding(midnight - HOUR_US);
  expect(desk.value().balanceUsd).toBe(100_000);
  desk.payHolding(midnight);
  desk.lookAgain(midnight);
  expect(desk.value().balanceUsd).toBeCloseTo(99_950, 9);
  expect(desk.floors().dailyUsd).toBeCloseTo(94_950, 9);
  expect(newsOf(desk)).toContain("swap: paid 50.00 USD");
  // Once a night.
  desk.payHolding(midnight + HOUR_US);
  expect(desk.value().balanceUsd).toBeCloseTo(99_950, 9);
});

test("funding is paid at its hours, and losses in a row bar entries for some bars", () => {
  const one = opened({ fundingRate: 0.001 });
  const { desk } = one;
  trade(one, BEGIN_US + HOUR_US, 50, 1000);
  const noonUs = (Math.floor(BEGIN_US / (8 * HOUR_US)) + 1) * 8 * HOUR_US;
  desk.payHolding(noonUs - MINUTE_US);
  expect(desk.value().balanceUsd).toBe(100_000);
  for (const atUs of [noonUs, noonUs, noonUs + MINUTE_US]) desk.payHolding(atUs);
  expect(desk.value().balanceUsd).toBeCloseTo(99_950, 9);
  trade(one, noonUs + MINUTE_US, -50, 999);
  trade(one, noonUs + 2 * MINUTE_US, 50, 1000);
  trade(one, noonUs + 3 * MINUTE_US, -50, 999);
  expect(desk.entryBar(noonUs + 4 * MINUTE_US)).toBe("cooldown after losses");
  expect(desk.entryBar(noonUs + 7 * MINUTE_US)).toBe("");
});

test("funding of hours that nobody was there for is paid before anything else is done", () => {
  const one = opened({ fundingRate: 0.001 });
  trade(one, BEGIN_US + HOUR_US, 50, 1000);
  one.desk.look(BEGIN_US + 25 * HOUR_US);
  expect(one.desk.value().balanceUsd).toBeCloseTo(100_000 - 3 * 50, 9);
  const told = one.desk.takeNews().filter(({ name }) => name === "funding");
  expect(told.map(({ atUs }) => (atUs - told[0]!.atUs) / HOUR_US)).toEqual([0, 8, 16]);
});

test("orders of one bar are sized together: all of them filled and moved against leave the floor's buffer", () => {
  const { desk } = opened();
  const { stress, flattenRatio } = GUARD_SETTINGS;
  const { headroomUsd, dailyAllowanceUsd } = desk.floors();
  const roomUsd = headroomUsd - flattenRatio * dailyAllowanceUsd;
  const lossUsd = ({ symbol, amount, price }: Position): number =>
    (stressRatio(stress, symbol) + SETTINGS.costRatio) * Math.abs(amount) * price;
  for (const side of [1, -1]) {
    const half = { symbol: "BTCUSDT", amount: 5, price: 20_000 };
    expect(desk.size(half)).toEqual({ amount: 5, limit: "" });
    const other = { symbol: "ETHUSDT", amount: side * 50, price: 3000 };
    const alone = { ...other, amount: desk.size(other).amount };
    const beside = { ...other, amount: desk.size(other, [half]).amount };
    expect(lossUsd(half) + lossUsd(alone)).toBeGreaterThan(roomUsd);
    expect(lossUsd(half) + lossUsd(beside)).toBeLessThanOrEqual(roomUsd);
    expect(Math.sign(beside.amount)).toBe(side);
  }
});

test("an order ahead that only reduces frees nothing before it is filled, and one without a price allows nothing", () => {
  const one = opened();
  trade(one, BEGIN_US + HOUR_US, 50, 1000);
  const other = { symbol: "ETHUSDT", amount: 50, price: 3000 };
  const exit = { symbol: "BTCUSDT", amount: -50, price: 1000 };
  const held = one.desk.size(other).amount;
  expect(held).toBeGreaterThan(0);
  expect(one.desk.size(other, [exit]).amount).toBeLessThanOrEqual(held);
  const unknown = { ...exit, price: Number.NaN };
  expect(one.desk.size(other, [unknown])).toEqual({ amount: 0, limit: "price" });
});

test("while the price of something held is too old nothing is entered anywhere, which is told when it begins and ends", () => {
  const one = opened();
  const { desk, portfolio } = one;
  const heardUs = BEGIN_US + HOUR_US;
  trade(one, heardUs, 10, 1000);
  portfolio.mark(1, 100, 100, BEGIN_US);
  newsOf(desk);
  const at = (atUs: number): string => {
    desk.lookAgain(atUs);
    return desk.entryBar(atUs);
  };
  // Nobody holds the other symbol, whose price is an hour old.
  expect(at(heardUs + STALE_AFTER_US)).toBe("");
  for (let i = 1; i < 4; i++) {
    expect(at(heardUs + STALE_AFTER_US + i)).toBe("a position's price is too old");
    expect(desk.action).toBe("reduce-only");
  }
  // Another process goes on with it.
  const saved = JSON.parse(JSON.stringify({ desk: desk.save(), portfolio: portfolio.save() }));
  const again = opened();
  again.portfolio.restore(saved.portfolio);
  again.desk.restore(saved.desk);
  again.desk.lookAgain(heardUs + STALE_AFTER_US + 5);
  expect(again.desk.entryBar(heardUs + STALE_AFTER_US + 5)).not.toBe("");
  expect(newsOf(again.desk)).toEqual([]);
  portfolio.mark(0, 1000, 1000, heardUs + 2 * STALE_AFTER_US);
  expect(at(heardUs + 2 * STALE_AFTER_US)).toBe("");
  expect(newsOf(desk)).toEqual(["reduce-only: a position's price is too old", "ok: "]);
  // What was closed needs no price.
  trade(one, heardUs + 3 * STALE_AFTER_US, -10, 1000);
  expect(at(heardUs + 9 * STALE_AFTER_US)).toBe("");
});
