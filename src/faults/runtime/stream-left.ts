// What must be true of a run that followed an exchange, whatever it missed while it was away?
import { Portfolio } from "../../trading/portfolio.js";
import { judgeOrders, ofKind, type RunFlaws, type RunLeft } from "./run-left.js";
import { portfolioSettings, type RunScene } from "./run-scene.js";

/** Amounts are sums of rounded numbers. */
const ROUNDING = 1e-9;

/** Looks whether journal and exchange tell of the same orders, and whether what the run holds is what its fills add up to. */
export function judgeStream(left: RunLeft, scene: RunScene): RunFlaws {
  const flaws = judgeOrders(left);
  const what = [flaws.what, ...accountFlaws(left, scene)].filter((text) => text !== "");
  return { ...flaws, what: what.join("; ") };
}

function accountFlaws({ records, state }: RunLeft, scene: RunScene): readonly string[] {
  if (state === undefined) return ["no state was left"];
  const settings = portfolioSettings(scene);
  const portfolio = new Portfolio(settings);
  portfolio.restore(state.desk.portfolio);
  const fills = ofKind(records, "fill");
  const flaws = settings.symbols.flatMap((symbol, i) => {
    const bought = fills
      .filter((fill) => fill.symbol === symbol)
      .reduce((sum, { amount }) => sum + amount, 0);
    const held = portfolio.position(i);
    if (Math.abs(held - bought) <= ROUNDING * (1 + Math.abs(bought))) return [];
    return [`${held} of ${symbol} are held, and ${bought} were filled`];
  });
  const bars = ofKind(records, "decision").map(({ barEndUs }) => barEndUs);
  if (bars.some((barEndUs, i) => barEndUs < (bars[i - 1] ?? 0)))
    flaws.push("bars are out of order");
  if (fills.length === 0) flaws.push("nothing was filled");
  return flaws;
}
