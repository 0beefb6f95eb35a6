// For tests only: a run as a report tells of it, with every number drawn from a seed.
import { plain } from "../../core/gate.js";
import { seededRandom } from "../../core/random.js";
import { dayStartUs, MINUTE_US } from "../../core/time.js";
import { equalParity } from "../../runtime/acceptance/test-parity.js";
import { tradeFigures } from "../../runtime/acceptance/trade-figures.js";
import { PHASE_BEGINS, type TradeRecord } from "../../runtime/records.js";
import { SIGNAL_SETTINGS } from "../../runtime/signal/signal.js";
import { RULES_PRESETS } from "../../trading/rules/account-rules.js";
import { sampleChallengeGrid } from "../test-challenge-samples.js";
import type { RunDecision, RunReport } from "./run-report.js";

const FROM = dayStartUs("2024-01-10");
const SYMBOLS = ["BTCUSDT", "ETHUSDT"];
const NAME = "logistic@0123456789ab";

/** A paper run of half a day of a promoted model, or a dry one of a model that is not. */
export function sampleRunReport(mode: "paper" | "dry-run" = "paper"): RunReport {
  const isPaper = mode === "paper";
  const decisions = SYMBOLS.flatMap((symbol) => sampleDecisions(symbol));
  const trades = isPaper ? sampleClosed() : [];
  const odds = sampleChallengeGrid();
  const gates = [
    plain("no-breach", "no rule of the account was broken", 0, 0),
    {
      ...plain("paper-5-days", "a run decided on 5 days", 0.5, 0.5),
      verdict: "undecided" as const,
    },
  ];
  const record = { run: "sample", mode, exchange: "simulated", symbols: SYMBOLS } as const;
  const parity: RunReport["parity"] = {
    ...equalParity("sample", SYMBOLS, decisions.length / SYMBOLS.length),
    ...{ model: NAME, circumstances: { "risk: halt": 3 } },
  };
  return {
    run: {
      record: { kind: "run", ...record, settings: "{}" },
      model: {
        ...{ kind: "model", run: "sample", model: NAME, bundleSha256: "", catalogueHash: "" },
        promotedEntry: isPaper ? 7 : null,
      },
      settings: { feed: "replay", signal: SIGNAL_SETTINGS, rules: RULES_PRESETS["ftmo-two-step"] },
      ...{ sessions: [], spans: [] },
    },
    ...{ isRehearsal: !isPaper, runs: ["earlier", "sample"], shiftLimit: 0.3 },
    model: { name: NAME, barUs: MINUTE_US, horizonBars: 15 },
    ...{ decisions, trades, parity },
    ...(isPaper ? sampleOrders() : { orders: [], ends: [], fills: [] }),
    equity: sampleEquity(isPaper),
    events: isPaper ? [event(1, "cooldown"), event(2, "reduce-only")] : [],
    drift: sampleDrift(),
    acceptance: {
      ...{ run: "sample", mode, feed: "replay", model: NAME, isSimulated: true },
      ...{ isUnpromoted: !isPaper, unseenFrom: "2024-01-10", gates, verdict: "undecided" },
      figures: tradeFigures(trades, { fromUs: FROM, barUs: MINUTE_US, horizonBars: 15, seed: 1 }),
      odds: isPaper ? { ...odds, measured: odds.odds[0]! } : null,
    },
  };
}

function sampleDecisions(symbol: string): readonly RunDecision[] {
  const random = seededRandom(1, `run report ${symbol}`);
  let mid = 100;
  return Array.from({ length: 720 }, (_, i) => {
    mid += random.normal() / 10;
    const probability = 0.5 + random.normal() / 20;
    const isStaked = random.uniform() < 0.3;
    const side = isStaked ? (probability > 0.5 ? 1 : -1) : 0;
    return {
      ...{ kind: "decision", run: "sample", symbol, barEndUs: FROM + (i + 1) * MINUTE_US },
      ...{ model: NAME, probability, side, reason: isStaked ? "" : "unsure", mid, valid: "0" },
      tookUs: Math.round(300 * Math.exp(random.normal())),
    };
  });
}

/** A win of 100 and a loss of 50 in turns, of the first symbol. */
function sampleClosed(): readonly TradeRecord[] {
  return Array.from({ length: 40 }, (_, i) => {
    const openedUs = FROM + 16 * i * MINUTE_US;
    const profitUsd = i % 2 === 0 ? 100 : -50;
    return {
      ...{ kind: "trade", run: "sample", symbol: "BTCUSDT", openedBy: `${i}`, openedUs },
      ...{ closedUs: openedUs + 15 * MINUTE_US, side: 1, amount: 1, openValueUsd: 100 },
      ...{ closeValueUsd: 100 + profitUsd, feesUsd: 1, profitUsd },
    };
  });
}

/** Three orders: bought two at 10 bps above the mid, sold half of it at the mid, and one that was withdrawn. */
function sampleOrders(): Pick<RunReport, "orders" | "ends" | "fills"> {
  const order = { kind: "order", run: "sample", symbol: "BTCUSDT", barEndUs: FROM } as const;
  const rest = { side: 1, amount: 2, purpose: "entry", decidedUs: FROM } as const;
  const end = { kind: "order-end", run: "sample", atUs: FROM, reason: "" } as const;
  const fill = { kind: "fill", run: "sample", number: 0, symbol: "BTCUSDT", atUs: FROM } as const;
  return {
    orders: ["a", "b", "c"].map((id) => ({ ...order, ...rest, id })),
    ends: [
      { ...end, orderId: "a", status: "filled" },
      { ...end, orderId: "b", status: "filled" },
      { ...end, orderId: "c", status: "withdrawn" },
    ],
    fills: [
      { ...fill, orderId: "a", amount: 2, valueUsd: 200.2, feeUsd: 0.06, mid: 100 },
      { ...fill, orderId: "b", amount: -1, valueUsd: -100, feeUsd: 0.03, mid: 100 },
    ],
  };
}

/** A paper run whose account passes the challenge after ten hours, and begins the verification. */
export function sampleTwoPhases(): RunReport {
  const report = sampleRunReport();
  const passed = 600;
  const equity = report.equity.map((one, i) =>
    i < passed ? { ...one, equityUsd: 100_000 + (i * 10_010) / (passed - 1) } : one,
  );
  const atUs = report.equity[passed]!.atUs;
  const told = { kind: "risk", run: "sample", atUs, symbol: "" } as const;
  const events = [
    { ...told, name: "passed", detail: "challenge" },
    { ...told, name: PHASE_BEGINS, detail: "verification" },
  ];
  return { ...report, equity, events };
}

function sampleEquity(isPaper: boolean): RunReport["equity"] {
  const random = seededRandom(2, "run report equity");
  let equityUsd = 100_000;
  return Array.from({ length: 720 }, (_, i) => {
    if (isPaper) equityUsd += 40 * random.normal();
    const floors = { dailyFloorUsd: 95_000, maximumFloorUsd: 90_000, exposureUsd: 0 };
    const atUs = FROM + (i + 1) * MINUTE_US;
    return { kind: "equity", run: "sample", atUs, equityUsd, balanceUsd: 100_000, ...floors };
  });
}

function sampleDrift(): RunReport["drift"] {
  return SYMBOLS.flatMap((symbol, k) =>
    Array.from({ length: 720 }, (_, i) => ({
      ...{ symbol, barEndUs: FROM + (i + 1) * MINUTE_US, shift: 0.1 + i / 3000 + k / 20 },
      excess: i < 300 ? Number.NaN : Math.sin(i / 60),
    })),
  );
}

function event(minute: number, name: string): RunReport["events"][number] {
  const atUs = FROM + minute * MINUTE_US;
  return { kind: "risk", run: "sample", atUs, name, symbol: "", detail: "as the rules say" };
}
