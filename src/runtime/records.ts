// What does a run write down? Every record has a key that is the same however often it is written.
import type { ClosedLot } from "../trading/lots.js";

/** What a run was begun with; a run of this name goes on with these settings, or not at all. */
export interface RunRecord {
  readonly kind: "run";
  readonly run: string;
  readonly mode: "dry-run" | "paper";
  readonly exchange: string;
  readonly symbols: readonly string[];
  /** All settings that decide what the run does, as JSON with sorted keys. */
  readonly settings: string;
}

/** A model that a run asks. */
export interface ModelRecord {
  readonly kind: "model";
  readonly run: string;
  /** `NAME@version`. */
  readonly model: string;
  readonly bundleSha256: string;
  readonly catalogueHash: string;
  /** Number of the ledger's entry that promoted it; null for one that only rehearses. */
  readonly promotedEntry: number | null;
}

/** What was made of a bar. One a symbol and bar. */
export interface DecisionRecord {
  readonly kind: "decision";
  readonly run: string;
  readonly symbol: string;
  /** End of the bar, µs since the epoch, market time; as all times here. */
  readonly barEndUs: number;
  readonly model: string;
  /** Calibrated, of "up"; NaN where the model was not asked. */
  readonly probability: number;
  /** 1 long, −1 short, 0 nothing. */
  readonly side: 1 | 0 | -1;
  /** Why nothing is staked; "" where something is. */
  readonly reason: string;
  /** At the bar's end; NaN without a valid book. */
  readonly mid: number;
  /** The features that it was made from, as `numbersToText` writes them. */
  readonly features: string;
  /** Mask of the features, a decimal number. */
  readonly valid: string;
  /** From the event that closed the bar to here, µs of the machine's clock. */
  readonly tookUs: number;
}

/** An order, before it is sent. */
export interface OrderRecord {
  readonly kind: "order";
  readonly run: string;
  /** Follows from strategy, symbol, bar and side. */
  readonly id: string;
  readonly symbol: string;
  readonly barEndUs: number;
  readonly side: 1 | -1;
  /** In base currency, above 0. */
  readonly amount: number;
  /** `flatten` is the risk rules' own. */
  readonly purpose: "entry" | "exit" | "flatten";
  readonly decidedUs: number;
}

/** What became of an order that will not be filled (any further). */
export interface OrderEndRecord {
  readonly kind: "order-end";
  readonly run: string;
  readonly orderId: string;
  readonly atUs: number;
  readonly status: "filled" | "unfilled" | "withdrawn";
  /** Why, where it was not filled; else "". */
  readonly reason: string;
}

/** What an order traded. */
export interface FillRecord {
  readonly kind: "fill";
  readonly run: string;
  readonly orderId: string;
  /** From 0, by order. */
  readonly number: number;
  readonly symbol: string;
  readonly atUs: number;
  /** In base currency, above 0 bought. */
  readonly amount: number;
  /** Price × amount. */
  readonly valueUsd: number;
  readonly feeUsd: number;
  /** Of the book that it met. */
  readonly mid: number;
}

/** A lot that was opened and closed again. */
export interface TradeRecord extends ClosedLot {
  readonly kind: "trade";
  readonly run: string;
  readonly symbol: string;
}

/** The account at a time. One a time. */
export interface EquityRecord {
  readonly kind: "equity";
  readonly run: string;
  readonly atUs: number;
  readonly equityUsd: number;
  /** Of closed trades. */
  readonly balanceUsd: number;
  readonly dailyFloorUsd: number;
  readonly maximumFloorUsd: number;
  /** Value of all positions, long and short. */
  readonly exposureUsd: number;
}

/** Name of the risk record of a phase's begin, whose detail is the phase: from its time on the account counts anew. */
export const PHASE_BEGINS = "phase";

/** Something that an operator has to know of: a limit, a breach, an outage, a restart. */
export interface RiskRecord {
  readonly kind: "risk";
  readonly run: string;
  readonly atUs: number;
  /** `daily-floor`, `flatten`, `feed-stale`, `journal-down`, `halted` …; one of each name a time and symbol. */
  readonly name: string;
  /** "" where it is of the account. */
  readonly symbol: string;
  /** In words. */
  readonly detail: string;
}

/** A start or an end of a process that drives the run; the only record with the machine's clock. */
export interface SessionRecord {
  readonly kind: "session";
  readonly run: string;
  /** Random, of the process. */
  readonly id: string;
  readonly event: "start" | "stop";
  /** ISO time of the machine. */
  readonly at: string;
  readonly detail: string;
}

/** One line of the journal. */
export type JournalRecord =
  | RunRecord
  | ModelRecord
  | DecisionRecord
  | OrderRecord
  | OrderEndRecord
  | FillRecord
  | TradeRecord
  | EquityRecord
  | RiskRecord
  | SessionRecord;
