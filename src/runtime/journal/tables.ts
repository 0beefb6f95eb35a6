// Which table holds which records, and as what?
import type { JournalRecord } from "../records.js";

/**
 * How a field is kept: `time` and `count` are whole numbers, `number` any double, `texts` a list as JSON, `count?` may be null, and
 * `clock` is a number of the machine's clock: two records that differ in it alone are the same one.
 */
export type ColumnType = "text" | "texts" | "time" | "count" | "count?" | "number" | "clock";

/** The kinds of records. */
export type RecordKind = JournalRecord["kind"];

/** Records of one kind. */
export type RecordOf<Kind extends RecordKind> = Extract<JournalRecord, { readonly kind: Kind }>;

/** Where records of one kind are kept. */
export interface Table {
  readonly name: string;
  /** Columns that make a record the same one, however often it is written. */
  readonly key: readonly string[];
  /** Type of every field; the column has its name in snake case. */
  readonly fields: Readonly<Record<string, ColumnType>>;
}

type Fields<Kind extends RecordKind> = Readonly<
  Record<Exclude<keyof RecordOf<Kind>, "kind">, ColumnType>
>;

/** Schema that all tables lie in, so that a database that others use stays clean. */
export const SCHEMA = "tickbook";

/** Tables by kind of record. */
export const TABLES: {
  readonly [Kind in RecordKind]: Table & { readonly fields: Fields<Kind> };
} = {
  run: {
    name: "runs",
    key: ["run"],
    fields: { run: "text", mode: "text", exchange: "text", symbols: "texts", settings: "text" },
  },
  session: {
    name: "sessions",
    key: ["run", "id", "event"],
    fields: { run: "text", id: "text", event: "text", at: "text", detail: "text" },
  },
  model: {
    name: "models",
    key: ["run", "model"],
    fields: {
      run: "text",
      model: "text",
      bundleSha256: "text",
      catalogueHash: "text",
      promotedEntry: "count?",
    },
  },
  decision: {
    name: "decisions",
    key: ["run", "symbol", "bar_end_us"],
    fields: {
      run: "text",
      symbol: "text",
      barEndUs: "time",
      model: "text",
      probability: "number",
      side: "count",
      reason: "text",
      mid: "number",
      features: "text",
      valid: "text",
      tookUs: "clock",
    },
  },
  order: {
    name: "orders",
    key: ["run", "id"],
    fields: {
      run: "text",
      id: "text",
      symbol: "text",
      barEndUs: "time",
      side: "count",
      amount: "number",
      purpose: "text",
      decidedUs: "time",
    },
  },
  "order-end": {
    name: "order_ends",
    key: ["run", "order_id"],
    fields: { run: "text", orderId: "text", atUs: "time", status: "text", reason: "text" },
  },
  fill: {
    name: "fills",
    key: ["run", "order_id", "number"],
    fields: {
      run: "text",
      orderId: "text",
      number: "count",
      symbol: "text",
      atUs: "time",
      amount: "number",
      valueUsd: "number",
      feeUsd: "number",
      mid: "number",
    },
  },
  trade: {
    name: "trades",
    key: ["run", "opened_by", "closed_us"],
    fields: {
      run: "text",
      symbol: "text",
      openedBy: "text",
      openedUs: "time",
      closedUs: "time",
      side: "count",
      amount: "number",
      openValueUsd: "number",
      closeValueUsd: "number",
      feesUsd: "number",
      profitUsd: "number",
    },
  },
  equity: {
    name: "equity",
    key: ["run", "at_us"],
    fields: {
      run: "text",
      atUs: "time",
      equityUsd: "number",
      balanceUsd: "number",
      dailyFloorUsd: "number",
      maximumFloorUsd: "number",
      exposureUsd: "number",
    },
  },
  risk: {
    name: "risk_events",
    key: ["run", "at_us", "name", "symbol", "detail"],
    fields: { run: "text", atUs: "time", name: "text", symbol: "text", detail: "text" },
  },
};

/** A field's name as its column's: `barEndUs` is `bar_end_us`. */
export function columnOf(field: string): string {
  // A number belongs to the word before it: `bundleSha256` is `bundle_sha256`.
  return field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
