import fc from "fast-check";
import { expect, test } from "vitest";
import { MINUTE_US } from "../../core/time.js";
import type { FeatureRow } from "../../features/feature-rows.js";
import { Portfolio } from "../../trading/portfolio.js";
import type { LotRule } from "../../trading/rules/account-rules.js";
import { prague } from "../../trading/rules/test-account.js";
import { OrderLimits } from "../risk/order-limits.js";
import { RiskDesk, type RiskSettings } from "../risk/risk-desk.js";
import { bookFill } from "./book-fill.js";
import { type OrderPlan, planOrder } from "./order-plan.js";
import { SETTINGS } from "./test-run.js";

const SYMBOL = "BTCUSDT";
const BEGIN_US = prague("2024-03-04 09:00");
const HORIZON = 3;
const PRICE = 50_000;
const LOT: LotRule = { most: 50, least: 0.01, step: 0.01 };

/** A trader of one symbol whose orders are filled as the test says. */
class Planner {
  readonly portfolio: Portfolio;
  private readonly desk: RiskDesk;
  private readonly limits = new OrderLimits(SETTINGS.limits);
  private readonly minimumOrderUsd: number;
  private readonly risk: RiskSettings;
  private bar = 0;

  constructor(lots: Readonly<Record<string, LotRule>>, minimumOrderUsd: number) {
    const symbols = [SYMBOL];
    this.minimumOrderUsd = minimumOrderUsd;
    this.portfolio = new Portfolio({
      ...{ capitalUsd: 100_000, symbols, feeBps: 0, horizonBars: HORIZON, barUs: MINUTE_US },
      ...{ threshold: 0, minimumOrderUsd },
    });
    this.portfolio.mark(0, PRICE, PRICE, BEGIN_US);
    this.risk = { ...SETTINGS.risk, rules: { ...SETTINGS.risk.rules, lots } };
    this.desk = new RiskDesk(this.risk, this.portfolio, { atUs: BEGIN_US });
  }

  get position(): number {
    return this.portfolio.position(0);
  }

  /** Plans the next bar's order, and fills a share of it, or all but a rest. */
  async next(
    probability: number,
    { share = 1, rest = 0 }: { readonly share?: number; readonly rest?: number } = {},
  ): Promise<OrderPlan> {
    const barEndUs = BEGIN_US + MINUTE_US * ++this.bar;
    const { portfolio, desk, limits, minimumOrderUsd, risk } = this;
    const side = probability > 0.5 ? 1 : probability < 0.5 ? -1 : 0;
    const plan = await planOrder(
      { settings: { run: "test", minimumOrderUsd, risk }, portfolio, desk, limits },
      {
        ...{ symbol: SYMBOL, index: 0, gate: "", isWaiting: false, ahead: [] },
        row: { barEndUs, mid: PRICE } as FeatureRow,
        signal: { probability, side, reason: side === 0 ? "unsure" : "" },
      },
    );
    if (plan.order === undefined) return plan;
    const { id: orderId, side: way, amount: whole } = plan.order;
    const filled = Math.max(0, whole * share - rest);
    if (filled === 0) return plan;
    const amount = way * filled;
    const fill = { orderId, atUs: barEndUs + 1, amount, valueUsd: amount * PRICE, mid: PRICE };
    bookFill(portfolio, desk, 0, fill);
    desk.lookAgain(barEndUs + 1);
    return plan;
  }
}

const bars = fc.array(
  fc.record({
    probability: fc.constantFrom(0.2, 0.8, 0.8, Number.NaN),
    share: fc.oneof(fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true })),
    rest: fc.constantFrom(0, 1e-9, 1e-12, 1e-17, 0.004),
  }),
  { maxLength: 30 },
);
const rules = fc.constantFrom({}, { [SYMBOL]: LOT }, { [SYMBOL]: { ...LOT, least: 0.1 } });
const minimum = fc.constantFrom(5, 2000);

test("whatever fills have left, a position is closed once nothing is staked any more", async () => {
  await fc.assert(
    fc.asyncProperty(bars, rules, minimum, async (list, lots, minimumOrderUsd) => {
      const planner = new Planner(lots, minimumOrderUsd);
      for (const { probability, ...filled } of list) await planner.next(probability, filled);
      for (let i = 0; i <= HORIZON; i++) await planner.next(Number.NaN);
      expect(planner.position).toBe(0);
      expect(planner.portfolio.isFlat).toBe(true);
    }),
    { seed: 1, numRuns: 300 },
  );
});
