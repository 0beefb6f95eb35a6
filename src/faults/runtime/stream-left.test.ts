import { expect, test } from "vitest";
import type { SessionState } from "../../runtime/loop/session-state.js";
import type { FillRecord, JournalRecord } from "../../runtime/records.js";
import { Portfolio } from "../../trading/portfolio.js";
import type { RunLeft } from "./run-left.js";
import { portfolioSettings, type RunScene } from "./run-scene.js";
import { judgeStream } from "./stream-left.js";

const SCENE: RunScene = { store: "", mirror: "", bars: 60, barUs: 15e6 };
const SETTINGS = portfolioSettings(SCENE);
const [SYMBOL] = SETTINGS.symbols as [string];

/** What a run leaves that has bought twice, has sold some of it, and has paid for holding the rest. */
function left(): RunLeft & { records: JournalRecord[] } {
  const portfolio = new Portfolio(SETTINGS);
  portfolio.mark(0, 101, 102, 9);
  const fills = [2, 1, -1.5].map((amount, number): FillRecord => {
    const fill = { orderId: `${number}`, atUs: number, amount, valueUsd: amount * 100, mid: 100 };
    const { feeUsd } = portfolio.take(0, fill);
    return { kind: "fill", run: "stopped", number: 0, symbol: SYMBOL, feeUsd, ...fill };
  });
  const paidUsd = portfolio.payHolding(0, 1e-3, { both: true });
  const detail = `paid ${paidUsd.toFixed(2)} USD`;
  const paid = { kind: "risk", run: "stopped", atUs: 9, name: "swap", symbol: "", detail } as const;
  const account = { status: "active", failure: null };
  const state = { desk: { portfolio: portfolio.save(), risk: { account } } };
  return {
    records: [...fills, paid],
    ...{ conflicts: 0, exchange: [], state: state as unknown as SessionState },
  };
}

const flaws = (one: RunLeft): string => judgeStream(one, SCENE).what;

test("an account that is what its records add up to has no flaw", () => {
  expect(flaws(left())).toBe("");
});

test("a fill, a fee or a payment that is missing on either side is told", () => {
  const whole = left();
  const { records } = whole;
  for (const i of records.keys()) {
    const missing = { ...whole, records: records.filter((_, k) => k !== i) };
    expect(flaws(missing)).toMatch(/were filled|by its records/);
  }
  const dearer = records.map((one) => (one.kind === "fill" ? { ...one, feeUsd: 1 } : one));
  expect(flaws({ ...whole, records: dearer })).toContain("by its records");
  expect(flaws({ ...whole, records: [] })).toContain("nothing was filled");
});

test("a broken rule that nobody wrote down is told, and so is a run without a state", () => {
  const whole = left();
  const failed = { status: "failed", failure: { rule: "daily-loss" } };
  const state = { desk: { ...whole.state!.desk, risk: { account: failed } } } as never;
  expect(flaws({ ...whole, state })).toContain("nobody wrote down that daily-loss was broken");
  const risk = { kind: "risk", run: "stopped", atUs: 1, name: "daily-loss", symbol: "" } as const;
  const told = { ...whole, state, records: [...whole.records, { ...risk, detail: "equity" }] };
  expect(flaws(told)).toBe("");
  expect(flaws({ ...whole, state: undefined })).toBe("no state was left");
});
