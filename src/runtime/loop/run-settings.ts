import type { LimitSettings } from "../risk/order-limits.js";
import type { RiskSettings } from "../risk/risk-desk.js";
import type { SignalSettings } from "../signal/signal.js";

/** All that decides what a run does. */
export interface RunSettings {
  /** Its name: a run of this name goes on where it was. */
  readonly run: string;
  /** `dry-run` decides and writes down; `paper` also orders. */
  readonly mode: "dry-run" | "paper";
  readonly exchange: string;
  readonly symbols: readonly string[];
  readonly feeBps: number;
  /** Value below which no order is sent, unless it closes a position. */
  readonly minimumOrderUsd: number;
  readonly signal: SignalSettings;
  readonly risk: RiskSettings;
  readonly limits: LimitSettings;
}
