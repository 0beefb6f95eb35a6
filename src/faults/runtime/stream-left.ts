// What must be true of a run that followed an exchange, whatever it missed while it was away?
import { Portfolio } from "../../trading/portfolio.js";
import { judgeOrders, ofKind, type RunFlaws, type RunLeft } from "./run-left.js";
import { portfolioSettings, type RunScene } from "./run-scene.js";

/** Amounts are sums of rounded numbers. */
const ROUNDING = 1e-9;
/** What was paid for holding is told to the cent. */
const CENT_USD = 0.01;

/**
 * Looks whether journal and exchange tell of the same orders, and whether what the run holds, is worth and may do is what its
 * records add up to.
 */
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
  const risks = ofKind(records, "risk");
  const flaws: string[] = [];
  let worthUsd = settings.capitalUsd;
  for (const [i, symbol] of settings.symbols.entries()) {
    const own = fills.filter((fill) => fill.symbol === symbol);
    const bought = own.reduce((sum, { amount }) => sum + amount, 0);
    const held = portfolio.position(i);
    if (Math.abs(held - bought) > ROUNDING * (1 + Math.abs(bought))) {
      flaws.push(`${held} of ${symbol} are held, and ${bought} were filled`);
    }
    worthUsd -= own.reduce((sum, { valueUsd, feeUsd }) => sum + valueUsd + feeUsd, 0);
    if (held !== 0) worthUsd += held * portfolio.closingPrice(i);
  }
  const paid = risks.flatMap(({ detail }) => /^paid (-?[\d.]+) USD$/.exec(detail)?.[1] ?? []);
  worthUsd -= paid.reduce((sum, usd) => sum + Number(usd), 0);
  const { equityUsd } = portfolio.value();
  if (Math.abs(equityUsd - worthUsd) > CENT_USD * (1 + paid.length)) {
    flaws.push(`the account is worth ${equityUsd}, and ${worthUsd} by its records`);
  }
  const { failure } = state.desk.risk.account;
  const isTold = failure !== null && risks.some(({ name }) => name === failure.rule);
  if (failure !== null && !isTold) flaws.push(`nobody wrote down that ${failure.rule} was broken`);
  const bars = ofKind(records, "decision").map(({ barEndUs }) => barEndUs);
  if (bars.some((barEndUs, i) => barEndUs < (bars[i - 1] ?? 0))) {
    flaws.push("bars are out of order");
  }
  if (fills.length === 0) flaws.push("nothing was filled");
  return flaws;
}
