// May a run be followed by a paid challenge? Each gate says pass, fail or undecided; only passes let through.
import { counted } from "../../core/counted.js";
import { type Gate, measured, plain } from "../../core/gate.js";
import { DAY_US, HOUR_US } from "../../core/time.js";
import type { JournalHoles } from "../journal/whole-run.js";
import type { DoneTime } from "./done-time.js";
import type { Parity } from "./parity.js";
import { parityFaults } from "./parity-faults.js";
import type { TradeFigures } from "./trade-figures.js";

const LEAST_TRADES = 100;
const LEAST_WIN_RATE = 0.6;
const DRY_HOURS = 48;
const PAPER_DAYS = 5;

/** What gates look at. */
export interface RunEvidence {
  readonly mode: "dry-run" | "paper";
  readonly figures: TradeFigures;
  /** Day after the last that the model has seen; undefined where its bundle does not say. */
  readonly unseenFrom: string | undefined;
  /** Rules of the account that were broken, in words, by time. */
  readonly breaches: readonly string[];
  readonly fills: number;
  readonly parity: Parity;
  readonly holes: JournalHoles;
  /** True while a process drives the run, or was killed as it did. */
  readonly isOpen: boolean;
  readonly dry: DoneTime | undefined;
  readonly paper: DoneTime | undefined;
}

/** All gates, in the order in which they are told. */
export function runGates(evidence: RunEvidence): readonly Gate[] {
  return [
    winRateGate(evidence),
    profitFactorGate(evidence),
    breachGate(evidence),
    parityGate(evidence),
    journalGate(evidence),
    doneGate("dry-run-48-hours", evidence.dry, {
      least: DRY_HOURS,
      unitUs: HOUR_US,
      unit: "hours",
    }),
    doneGate("paper-5-days", evidence.paper, { least: PAPER_DAYS, unitUs: DAY_US, unit: "days" }),
  ];
}

function winRateGate(evidence: RunEvidence): Gate {
  const { winRate, winUsd, lossUsd, effective, trades } = evidence.figures;
  const margin = winRate.estimate - LEAST_WIN_RATE;
  const gate = measured(
    "win-rate",
    `≥ ${percent(LEAST_WIN_RATE)} of at least ${LEAST_TRADES} closed trades win after costs, by the lower end of Wilson's 95 % interval over effective trades`,
    winRate,
    margin,
    () => (margin < 0 ? "fail" : winRate.lower >= LEAST_WIN_RATE ? "pass" : "undecided"),
  );
  if (trades === 0) return onTrades({ ...gate, lower: Number.NaN, upper: Number.NaN }, evidence);
  const even = lossUsd / (winUsd + lossUsd);
  const evenText = Number.isFinite(even) ? `, break-even ${percent(even)}` : "";
  const worth = `${counted(trades, "trade")} worth ${effective.toFixed(0)} independent ones${evenText}`;
  return onTrades({ ...gate, beside: worth }, evidence);
}

function profitFactorGate(evidence: RunEvidence): Gate {
  const { profitFactor, profitUsd, trades } = evidence.figures;
  const { estimate, lower } = profitFactor;
  const margin = estimate - 1;
  const gate: Gate = {
    name: "profit-factor",
    rule: "what winners earned over what losers lost, after costs, > 1, with its whole 95 % interval by resampled blocks of time",
    value: estimate,
    lower,
    upper: profitFactor.upper,
    margin,
    verdict: margin <= 0 ? "fail" : lower > 1 ? "pass" : "undecided",
  };
  if (trades === 0) return onTrades(gate, evidence);
  const short = Number.isNaN(lower) ? { reason: "too short for an interval" } : {};
  const beside = `${profitUsd.toFixed(2)} USD after costs`;
  return onTrades({ ...gate, ...short, beside }, evidence);
}

/** Too few trades decide nothing, whatever they earned. */
function onTrades(gate: Gate, { figures, unseenFrom, mode }: RunEvidence): Gate {
  const { trades, leftOut } = figures;
  const seen = `${counted(leftOut, "trade")} of days before ${unseenFrom} left out, which the model has seen`;
  const reasons = [
    ...(unseenFrom === undefined ? ["the model's bundle does not say which days it has seen"] : []),
    ...(unseenFrom !== undefined && leftOut > 0 ? [seen] : []),
    ...(trades < LEAST_TRADES ? [fewTrades(mode, figures)] : []),
    ...(gate.reason === undefined ? [] : [gate.reason]),
  ];
  const isShort = trades < LEAST_TRADES || unseenFrom === undefined;
  return {
    ...gate,
    ...(isShort ? { verdict: "undecided" } : {}),
    ...(reasons.length === 0 ? {} : { reason: reasons.join("; ") }),
  };
}

function fewTrades(mode: RunEvidence["mode"], { trades, leftOut }: RunEvidence["figures"]): string {
  if (mode === "dry-run") return "a dry run trades nothing";
  const others = leftOut > 0 ? "other " : "";
  return `${counted(trades, `${others}closed trade`)}, and it needs ${LEAST_TRADES}`;
}

function breachGate({ breaches, fills, mode }: RunEvidence): Gate {
  const gate = plain("no-breach", "no rule of the account was broken", breaches.length, 0);
  const [first] = breaches;
  if (first !== undefined) return { ...gate, reason: first };
  if (fills > 0) return gate;
  const reason = mode === "dry-run" ? "a dry run trades nothing" : "nothing was traded yet";
  return { ...gate, verdict: "undecided", reason };
}

function parityGate({ parity }: RunEvidence): Gate {
  const { bars, differentBars, first, isExact } = parity;
  const gate = plain(
    "parity",
    "features and decisions are those of the store's data, bit for bit",
    differentBars,
    0,
  );
  const compared = parity.symbols.filter((one) => one.bars > 0);
  const beside = `${counted(bars, "bar")} of ${counted(compared.length, "symbol")} compared`;
  if (isExact && first !== null) {
    const { symbol, barEndUs, part, logged, computed } = first;
    const at = new Date(barEndUs / 1000).toISOString();
    const reason = `first ${symbol} ${at}: ${part}, logged ${logged}, computed ${computed}`;
    return { ...gate, beside, reason };
  }
  const faults = parityFaults({ symbols: compared });
  const reasons = [...faults, ...doubts(parity)];
  if (reasons.length === 0) return { ...gate, beside };
  const verdict = faults.length > 0 ? "fail" : "undecided";
  return { ...gate, verdict, beside, reason: reasons.join("; ") };
}

/** Why equal bits do not show that the run decides what the store says. */
function doubts({ bars, isExact, symbols, missingDays, apartDays }: Parity): readonly string[] {
  const missing = symbols.filter((one) => one.bars === 0).map(({ symbol }) => symbol);
  const ofStream =
    "a stream's arrival times are not the vendor's: distributions are told, bits not compared";
  const sinceGap = isExact
    ? "after which bits are never equal again: begin a run of another name"
    : "not warm yet";
  const [lacking, apart] = [missingDays, apartDays].map(({ length }) =>
    counted(length, "symbol-day"),
  );
  return [
    ...(isExact ? [] : [ofStream]),
    ...(missingDays.length > 0 ? [`${lacking} without stored features`] : []),
    ...(apartDays.length > 0 ? [`${apart} after a missing one, ${sinceGap}`] : []),
    ...(bars === 0 ? ["nothing could be compared"] : []),
    ...(bars > 0 && missing.length > 0 ? [`nothing of ${missing.join(", ")} was compared`] : []),
  ];
}

const HOLE_WORDS: Readonly<Record<keyof JournalHoles, string>> = {
  conflicts: "conflict",
  waiting: "record that waits",
  ordersWithoutEnd: "order without an end",
  ordersWithoutDecision: "order without a decision",
  fillsWithoutOrder: "fill without an order",
  tradesWithoutOrder: "trade without an order",
};

function journalGate({ holes, isOpen }: RunEvidence): Gate {
  const found = Object.entries(holes) as [keyof JournalHoles, number][];
  const count = found.reduce((sum, [, one]) => sum + one, 0);
  const gate = plain(
    "journal-whole",
    "no conflict, nothing that waits, nothing without its order",
    count,
    0,
  );
  const named = found
    .filter(([, one]) => one > 0)
    .map(([name, one]) => `${HOLE_WORDS[name]}: ${one}`);
  if (!isOpen) return count === 0 ? gate : { ...gate, reason: named.join("; ") };
  const open = "a process drives the run, or was ended by force";
  const verdict = holes.conflicts > 0 ? "fail" : "undecided";
  return { ...gate, verdict, reason: [open, ...named].join("; ") };
}

function doneGate(
  name: string,
  done: DoneTime | undefined,
  {
    least,
    unitUs,
    unit,
  }: { readonly least: number; readonly unitUs: number; readonly unit: string },
): Gate {
  const value = (done?.marketUs ?? 0) / unitUs;
  const margin = value - least;
  const rule = `a run of this model, on its symbols, with its settings, without a breach or a conflict, was free to decide on ${least} ${unit} of market time`;
  const gate: Gate = { name, rule, value, lower: value, upper: value, margin, verdict: "pass" };
  const beside = done === undefined ? {} : { beside: doneText(done) };
  if (margin >= 0) return { ...gate, ...beside };
  const reason = `${value.toFixed(1)} of ${least} ${unit} are done`;
  return { ...gate, verdict: "undecided", ...beside, reason };
}

/** A replay is a compressed run, and told as one. */
function doneText({ run, feed, marketUs, machineMs }: DoneTime): string {
  if (feed === "stream") return `${run}, on a live stream`;
  const times = marketUs / 1000 / machineMs;
  const speed = Number.isFinite(times)
    ? ` in ${(machineMs / 60_000).toFixed(1)} minutes, ${Math.round(times).toLocaleString("en-US")} times as fast as the market`
    : "";
  return `${run}, compressed: a replay of ${(marketUs / HOUR_US).toFixed(1)} hours${speed}`;
}

function percent(ratio: number): string {
  return `${(100 * ratio).toFixed(1)} %`;
}
