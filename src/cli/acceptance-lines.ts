// A run's acceptance for people, line by line.
import { intervalText, percentText } from "../reporting/evaluation-marks.js";
import { verdictShape } from "../reporting/verdict.js";
import type { Acceptance } from "../runtime/acceptance/acceptance.js";
import type { RunOdds } from "../runtime/acceptance/odds-of-run.js";

const WORDS = {
  pass: "challenge-ready",
  fail: "not challenge-ready",
  undecided: "undecided: more must be run before anybody can say",
} as const;

/** Marks, gates with what stands beside them, what a challenge would be worth, the verdict. */
export function acceptanceLines(acceptance: Acceptance): readonly string[] {
  const { run, mode, model, gates, verdict, odds } = acceptance;
  const marks = [
    ...(acceptance.isSimulated ? ["SIMULATED"] : []),
    ...(acceptance.isUnpromoted ? ["UNPROMOTED"] : []),
  ];
  return [
    `${marks.map((mark) => `${mark} · `).join("")}${run}: ${model}, ${mode} on a ${acceptance.feed}`,
    ...gates.flatMap(gateLines),
    ...(odds === null ? [] : [worthLine(odds)]),
    `${verdictShape(verdict)} ${WORDS[verdict]}`,
  ];
}

function gateLines(gate: Acceptance["gates"][number]): readonly string[] {
  const { name, verdict, value, rule, beside, reason } = gate;
  const interval = intervalText(gate, 3, 1);
  const number = Number.isFinite(value) ? Number(value.toFixed(3)).toString() : "unknown";
  const told = [beside, reason].filter((words) => words !== undefined).join("; ");
  return [
    `${verdictShape(verdict)} ${name.padEnd(17)} ${verdict.padEnd(9)} ${number}${interval === null ? "" : ` (${interval})`}; ${rule}`,
    ...(told === "" ? [] : [`  ${told}`]),
  ];
}

function worthLine({ rules, measured, odds }: RunOdds): string {
  const ends = [odds[0]!, odds.at(-1)!]
    .map(({ funded }) => percentText(funded.estimate))
    .join(" to ");
  const { returnOnFee, funded } = measured;
  return (
    `  a challenge (${rules}) at this run's win rate: ${percentText(funded.estimate)} are funded (${ends} over its interval), ` +
    `an attempt returns ${returnOnFee.estimate.toFixed(2)} times its fee (${intervalText(returnOnFee, 2, 1)})`
  );
}
