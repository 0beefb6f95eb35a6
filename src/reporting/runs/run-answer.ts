// What does a run say in words, and which checks must hold whatever it earned?
import { counted } from "../../core/counted.js";
import { isShortfall, type Shortfall, shortfallText } from "../../core/shortfall.js";
import { dayStartUs } from "../../core/time.js";
import type { ReportFacts } from "../facts.js";
import type { Check } from "../validate.js";
import { runMark } from "./run-marks.js";
import type { RunReport } from "./run-report.js";

/** Runs that are named; a journal may hold hundreds. */
const NAMED_RUNS = 12;

/** What run this is, and how others are shown. */
export function runFindings(report: RunReport): string {
  const { run, runs, acceptance, model, isRehearsal, orders, decisions } = report;
  const { record, settings } = run;
  const begun = isRehearsal
    ? "No run was named, so this is a **rehearsal** that the report drove itself: one stored day, decided bar by bar and ordered nowhere."
    : `This is the run **${record.run}**.`;
  const who = acceptance.isUnpromoted
    ? `It asks ${model.name}, which no gate has let pass: **UNPROMOTED**, it may decide and never order.`
    : `It asks the promoted ${model.name}.`;
  const did = `It is a ${record.mode === "paper" ? "paper run" : "dry run"} on a ${settings.feed === "replay" ? "replay of stored days" : "live stream"} of ${record.symbols.join(", ")}: ${counted(decisions.length, "decision")}, ${counted(orders.length, "order")}.${seenText(report)}`;
  const named = runs.slice(-NAMED_RUNS).join(", ");
  const others = `The journal holds ${counted(runs.length, "run")}: ${named}${runs.length > NAMED_RUNS ? " and earlier ones" : ""}. \`npx tickbook live --mode paper\` begins one of a promoted model; \`npx tickbook notebooks 07 --params '{"run":"NAME"}'\` shows it here.`;
  return [begun, who, did, others].join("\n\n");
}

/** What a model says of days that it was fitted or tested on is no news. */
function seenText({ acceptance, decisions }: RunReport): string {
  const { unseenFrom } = acceptance;
  if (unseenFrom === null) return " Which days its model has seen is not known.";
  const untilUs = dayStartUs(unseenFrom);
  const seen = decisions.filter(({ barEndUs }) => barEndUs <= untilUs).length;
  if (seen === 0) return " Its model has seen none of these days.";
  const share = seen === decisions.length ? "All of it is" : `${counted(seen, "decision")} are`;
  return ` **${share} on days before ${unseenFrom}, which its model was fitted or tested on**: what came true there says little of other days.`;
}

/** Whether the run decided as the research code does, and what it is ready for. */
export function runAnswer(report: RunReport | Shortfall): ReportFacts {
  if (isShortfall(report)) {
    const begin = "Begin one with `npx tickbook live --rehearse --model NAME --from DAY`.";
    return { verdict: "undecided", answer: `${shortfallText(report)} ${begin}` };
  }
  const { acceptance, parity } = report;
  const { gates, verdict, isUnpromoted } = acceptance;
  const passed = gates.filter((gate) => gate.verdict === "pass").length;
  const ready = {
    pass: `it is challenge-ready: it passes all ${gates.length} gates`,
    fail: `it is not challenge-ready: it fails ${gatesOf(report, "fail")}`,
    undecided: `whether it is challenge-ready is undecided: it passes ${passed} of ${gates.length} gates and fails none`,
  }[verdict];
  return {
    verdict,
    answer: `${runMark(report)}${sameText(parity)}; ${ready}.`,
    figures: {
      run: acceptance.run,
      runBars: parity.bars,
      runDifferentBars: parity.isExact ? parity.differentBars : null,
      runGatesPassed: passed,
      runGates: gates.length,
    },
    ...(isUnpromoted ? { caution: "UNPROMOTED" } : {}),
  };
}

function sameText({ bars, differentBars, isExact }: RunReport["parity"]): string {
  if (bars === 0) return "The run could not be compared with the store";
  if (!isExact) return "The run is a stream's, whose bits are not compared with the store's";
  if (differentBars === 0) {
    return `The run decides what the research code says, bit for bit on ${counted(bars, "bar")}`;
  }
  return `The run does not decide what the research code says on ${counted(differentBars, "bar")} of ${bars.toLocaleString("en-US")}`;
}

function gatesOf({ acceptance }: RunReport, verdict: string): string {
  const named = acceptance.gates.filter((gate) => gate.verdict === verdict);
  return named.map(({ name }) => name).join(", ");
}

/** Checks that hold for every run: that it lost money is a result, that it wrote down something else than it did is not. */
export function runChecks(report: RunReport | Shortfall): Readonly<Record<string, Check>> {
  const there = isShortfall(report) ? undefined : report;
  const { parity, acceptance, decisions, orders, run } = there ?? {};
  const journal = acceptance?.gates.find(({ name }) => name === "journal-whole");
  const isExact = parity?.isExact === true;
  const isDry = run?.record.mode === "dry-run";
  return {
    "bars compared": [parity?.bars ?? null, ">", 0],
    "bars that differ from the store": [isExact ? parity.differentBars : null, "=", 0],
    "holes of the journal": [journal?.value ?? null, "=", 0],
    "orders of a dry run": [isDry ? (orders?.length ?? null) : null, "=", 0],
    "decisions without a stake and without a reason in a dry run": [
      isDry && decisions
        ? decisions.filter((one) => one.side === 0 && one.reason === "").length
        : null,
      "=",
      0,
    ],
    "gates told": [acceptance?.gates.length ?? null, ">", 0],
  };
}
