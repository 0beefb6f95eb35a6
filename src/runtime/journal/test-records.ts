// Records of every kind for tests, by seed.
import { numbersToText } from "../../core/exact-numbers.js";
import { type Random, seededRandom } from "../../core/random.js";
import type { EquityRecord, JournalRecord, OrderRecord } from "../records.js";

/** What is easily lost on the way: no number, the sign of nothing, the smallest, the largest, the last bit. */
const ODD = [Number.NaN, -0, 5e-324, -Number.MAX_VALUE, Number.POSITIVE_INFINITY, 0.1 + 0.2];
const TEXTS = ["", "a 'b' \"c\" \\ $1 %s", "line\nline\ttab", "Ω≈ç√ 価格 🙂", "null", "NaN"];

/**
 * One record of every kind with odd values; records of different seeds have different keys.
 *
 * @param seed - whole number from 0
 */
export function sampleRecords(run: string, seed: number): readonly JournalRecord[] {
  const random = seededRandom(seed, "journal records");
  const atUs = 1_700_000_000_000_000 + seed * 60_000_000;
  const order = sampleOrder(run, seed);
  const symbol = "BTCUSDT";
  const side = random.below(2) === 0 ? 1 : -1;
  const number = (): number => oddNumber(random);
  const text = (): string => TEXTS[random.below(TEXTS.length)]!;
  const amounts = {
    symbol,
    side,
    amount: number(),
    feesUsd: number(),
    profitUsd: number(),
  } as const;
  const values = { openValueUsd: number(), closeValueUsd: number() };
  const features = numbersToText([number(), number()]);
  const model = { run, model: `logistic@${seed}`, bundleSha256: text(), catalogueHash: text() };
  const decided = { run, symbol, barEndUs: atUs, model: text(), side: 0, reason: text() } as const;
  const fill = { run, orderId: order.id, number: random.below(9), symbol, atUs, mid: number() };
  return [
    { kind: "model", ...model, promotedEntry: random.below(2) === 0 ? null : seed },
    { kind: "session", run, id: `session ${seed}`, event: "start", at: text(), detail: text() },
    {
      kind: "decision",
      ...decided,
      probability: number(),
      mid: number(),
      features,
      valid: "18014398509481983",
      tookUs: number(),
    },
    order,
    { kind: "fill", ...fill, amount: number(), valueUsd: number(), feeUsd: number() },
    { kind: "order-end", run, orderId: order.id, atUs, status: "filled", reason: text() },
    {
      kind: "trade",
      run,
      openedBy: order.id,
      openedUs: atUs,
      closedUs: atUs,
      ...amounts,
      ...values,
    },
    { ...sampleEquity(run, seed), equityUsd: number(), balanceUsd: number() },
    { kind: "risk", run, atUs, name: "flatten", symbol: "", detail: text() },
  ];
}

/** The record that a run begins with. */
export function sampleRun(run: string): JournalRecord {
  const symbols = ["BTCUSDT", 'odd "name"', "価格"];
  return { kind: "run", run, mode: "paper", exchange: "binance-futures", symbols, settings: "{}" };
}

/** An order; those of different seeds have different keys. */
export function sampleOrder(run: string, seed: number): OrderRecord {
  const barEndUs = 1_700_000_000_000_000 + seed * 60_000_000;
  const id = `${run}-${seed}`;
  const rest = { side: 1, amount: 0.1, purpose: "entry", decidedUs: barEndUs } as const;
  return { kind: "order", run, id, symbol: "BTCUSDT", barEndUs, ...rest };
}

/** The account at a time; those of different seeds have different times. */
export function sampleEquity(run: string, seed: number): EquityRecord {
  const floors = { dailyFloorUsd: 95_000, maximumFloorUsd: 90_000, exposureUsd: 0 };
  return { kind: "equity", run, atUs: seed, equityUsd: 1e5, balanceUsd: 1e5, ...floors };
}

function oddNumber(random: Random): number {
  return random.below(3) === 0 ? ODD[random.below(ODD.length)]! : random.normal() * 1e5;
}
