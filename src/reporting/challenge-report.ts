// How likely is a funded account, how do the others fail, and what does an attempt return for its fee?
import type { ChallengeOdds, ChallengeTerms } from "../trading/rules/challenge-odds.js";
import { breakEvenAccuracy, byPayoff, isWorthFee, worthText } from "./challenge-worth.js";
import { intervalText, percent } from "./evaluation-marks.js";
import type { Cell, Table } from "./table.js";

/** Odds that were drawn under one set of rules. */
export interface ChallengeGrid {
  /** Name of the rules. */
  readonly rules: string;
  readonly terms: ChallengeTerms;
  readonly odds: readonly ChallengeOdds[];
}

const VERDICTS = { yes: "● yes", no: "■ no", undecided: "◆ undecided" } as const;

/** One line a payoff and accuracy. */
export function challengeTable({ rules, odds }: ChallengeGrid): Table {
  return {
    caption: `Simulated accounts under the rules of ${rules}: all phases for the share that is funded, the first for days and failures`,
    columns: [
      { name: "payoff", digits: 2 },
      { name: "accuracy", unit: "%", digits: 1 },
      { name: "a trade breaks even at", unit: "%", digits: 1 },
      { name: "funded", unit: "%", digits: 1 },
      { name: "interval", unit: "%", kind: "aside" },
      { name: "half pass within", unit: "days", digits: 0 },
      { name: "fail by the day", unit: "%", digits: 1 },
      { name: "fail by the account", unit: "%", digits: 1 },
      { name: "unfinished", unit: "%", digits: 1 },
      { name: "return on the fee", unit: "× fee", digits: 2 },
      { name: "interval", unit: "× fee", kind: "aside" },
      { name: "worth it", kind: "short" },
    ],
    rows: byPayoff(odds).flatMap(([, some]) => some.map(oddsRow)),
  };
}

function oddsRow(odds: ChallengeOdds): readonly Cell[] {
  const { style, phases, funded, returnOnFee } = odds;
  const first = phases[0];
  return [
    style.payoffRatio,
    percent(style.accuracy),
    percent(breakEvenAccuracy(style)),
    percent(funded.estimate),
    intervalText(funded, 1),
    first?.days[1] ?? null,
    percent(first?.dailyLoss.estimate),
    percent(first?.maximumLoss.estimate),
    percent(first?.unfinished.estimate),
    returnOnFee.estimate,
    intervalText(returnOnFee, 2, 1),
    VERDICTS[isWorthFee(odds)],
  ];
}

/** The answer in words, with what it takes for granted. */
export function challengeFindings({ rules, terms, odds }: ChallengeGrid): string {
  const first = odds[0];
  if (first === undefined) return "No odds were drawn.";
  const { riskRatio, tradesADay, stopBps, costBps } = first.style;
  const usd = (value: number): string => `${value.toLocaleString("en-US")} USD`;
  const refund = terms.isFeeRefunded ? "with the fee back at the first payout" : "without a refund";
  return [
    `**${worthText(odds)}** (${rules}), where the whole 95 % interval of the expected return lies above nothing.`,
    `Every trade risks ${Number((100 * riskRatio).toPrecision(3))} % of the capital over a stop of ${stopBps} bps, costs ${costBps} bps for the round trip, and comes ${tradesADay} times a day, independent of those before. An attempt costs ${usd(terms.feeUsd)}; a funded account pays ${Number((100 * terms.profitShareRatio).toPrecision(3))} % of its profit after every ${terms.payoutDays} days, at most ${terms.payouts} times, ${refund}. A trade that loses is seen at its stop and no lower; real ones may float below it.`,
  ].join("\n\n");
}
