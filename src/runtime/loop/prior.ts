// What did an earlier process of the run write down that this one is about to decide again?
import type { DecisionRecord, JournalRecord, OrderEndRecord } from "../records.js";

/** Decisions of the time that is gone through again, and what people and machines outside of the market did to it. */
export interface Prior {
  /** End of the last bar that was decided on; −∞ where none was. */
  readonly lastBarUs: number;
  /** Time up to which an earlier process has looked at orders to stop and obeyed them; −∞ where none did. */
  readonly untilUs: number;
  readonly decision: (symbol: string, barEndUs: number) => DecisionRecord | undefined;
  /** Whether an order was written down, and taken back before it was sent. */
  readonly isTakenBack: (orderId: string) => boolean;
  /** Orders to stop that were found, and their ends, in order of time. */
  readonly halts: readonly PriorHalt[];
}

/** An order to stop that was found at a time, or that there is none any more. */
export interface PriorHalt {
  readonly atUs: number;
  /** "" where it was lifted. */
  readonly halted: string;
}

/** What a decision says where people or machines outside of the market decided: a second look cannot find that again. */
export const OUTSIDE = "outside: ";

/** Why an entry is taken back before it is sent. */
export const TOO_LATE = "the journal's database did not take the decision in time";

/** Names of the risk events that tell of an order to stop. */
export const HALTED = "halted";
export const LIFTED = "halt-lifted";

/** Puts what was written down in order. */
export function priorOf(records: readonly JournalRecord[]): Prior {
  const decisions = new Map<string, DecisionRecord>();
  const takenBack = new Set<string>();
  const halts = new Map<number, PriorHalt>();
  let lastBarUs = Number.NEGATIVE_INFINITY;
  let untilUs = Number.NEGATIVE_INFINITY;
  for (const record of records) {
    if (record.kind === "decision") {
      decisions.set(keyOf(record.symbol, record.barEndUs), record);
      lastBarUs = Math.max(lastBarUs, record.barEndUs);
    } else if (record.kind === "order-end") {
      if (isTakenBack(record)) takenBack.add(record.orderId);
    } else if (record.kind === "risk") {
      const { atUs, name, detail } = record;
      if (name !== HALTED && name !== LIFTED) continue;
      halts.set(atUs, { atUs, halted: name === HALTED ? detail : "" });
      untilUs = Math.max(untilUs, atUs);
    } else if (record.kind === "order") untilUs = Math.max(untilUs, record.decidedUs);
  }
  return {
    lastBarUs,
    untilUs: Math.max(lastBarUs, untilUs),
    decision: (symbol, barEndUs) => decisions.get(keyOf(symbol, barEndUs)),
    isTakenBack: (orderId) => takenBack.has(orderId),
    halts: [...halts.values()].sort((a, b) => a.atUs - b.atUs),
  };
}

/** Nothing: a run that begins. */
export const NO_PRIOR: Prior = priorOf([]);

function keyOf(symbol: string, barEndUs: number): string {
  return `${symbol} ${barEndUs}`;
}

/** Those that were sent and then withdrawn are sent and withdrawn again. */
function isTakenBack({ status, reason }: OrderEndRecord): boolean {
  return status === "withdrawn" && reason === TOO_LATE;
}
