import { expect, test } from "vitest";
import { seededRandom } from "../core/random.js";
import { marketOrders } from "./market-orders.js";
import { IMBALANCE_SCALE } from "./settings.js";

test("a minute's imbalance of traded volume is tanh(c·flow) up to the rounding of lots", () => {
  const random = seededRandom(1, "orders");
  for (let i = 0; i < 2000; i++) {
    const flow = 1.2 * random.normal();
    const fills = 3 + random.below(40);
    const orders = marketOrders(random, { flow, fills, medianLots: 800 });
    const lots = (side: number): number =>
      orders
        .filter((order) => order.side === side)
        .reduce((sum, order) => sum + order.fillLots.reduce((all, fill) => all + fill, 0), 0);
    const [bought, sold] = [lots(1), lots(-1)];
    const imbalance = (bought - sold) / (bought + sold);
    expect(Math.abs(imbalance - Math.tanh(IMBALANCE_SCALE * flow))).toBeLessThan(
      3 / (bought + sold),
    );
    const pieces = orders.flatMap((order) => order.fillLots);
    expect(pieces).toHaveLength(fills);
    expect(pieces.every((fill) => Number.isInteger(fill) && fill >= 1)).toBe(true);
  }
});
