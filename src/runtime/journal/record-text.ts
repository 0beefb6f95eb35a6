// How is a record written down so that the same bits come back?

import { contentHash } from "../../core/content-hash.js";
import { DataError } from "../../core/errors.js";
import { numberToText } from "../../core/exact-numbers.js";
import type { JournalRecord } from "../records.js";
import { type ColumnType, TABLES, type Table } from "./tables.js";

/** A field as JSON and as both databases take it: what JSON cannot hold of numbers is text. */
export type PlainValue = string | number | null;

/** A record with plain values, in the order of its table's columns. */
export interface PlainRecord {
  readonly kind: JournalRecord["kind"];
  readonly values: readonly PlainValue[];
}

/**
 * A record as plain values. Text is made such as PostgreSQL takes it: without NUL and halves of characters.
 *
 * @throws {DataError} a time or count is no whole number, or a field is missing; names it
 */
export function plainRecord(record: JournalRecord): PlainRecord {
  const { fields } = TABLES[record.kind] as Table;
  const given = record as unknown as Readonly<Record<string, unknown>>;
  const values = Object.entries(fields).map(([field, type]) => {
    const value = toPlain(given[field], type);
    if (value !== undefined) return value;
    throw new DataError({
      message: `${field} of a ${record.kind} was ${given[field]}, expected ${EXPECTED[type]}`,
      fix: "mend what made the record; nothing of it was written",
    });
  });
  return { kind: record.kind, values };
}

/** The record that plain values, or the columns of a row in their order, stand for. */
export function recordOf({ kind, values }: PlainRecord): JournalRecord {
  const fields = Object.entries((TABLES[kind] as Table).fields);
  const entries = fields.map(([field, type], i) => [field, fromPlain(values[i]!, type)]);
  return { kind, ...Object.fromEntries(entries) } as JournalRecord;
}

/** SHA-256 of all that a record says of the market; two of the same key and another hash contradict each other. */
export function recordHash({ kind, values }: PlainRecord): string {
  const types = Object.values((TABLES[kind] as Table).fields);
  return contentHash([kind, ...values.filter((_, i) => types[i] !== "clock")]);
}

const EXPECTED: Readonly<Record<ColumnType, string>> = {
  text: "a text",
  texts: "a list of texts",
  time: "whole microseconds",
  count: "a whole number",
  "count?": "a whole number or null",
  number: "a number",
  clock: "a number",
};

function toPlain(value: unknown, type: ColumnType): PlainValue | undefined {
  if (type === "text") return typeof value === "string" ? storable(value) : undefined;
  if (type === "texts") {
    return Array.isArray(value) ? JSON.stringify(value.map((text) => storable(text))) : undefined;
  }
  if (type === "count?" && value === null) return null;
  if (typeof value !== "number") return undefined;
  const isDouble = type === "number" || type === "clock";
  if (!isDouble) return Number.isSafeInteger(value) ? value + 0 : undefined;
  return Number.isFinite(value) && !Object.is(value, -0) ? value : numberToText(value);
}

function fromPlain(value: PlainValue, type: ColumnType): unknown {
  if (type === "text" || value === null) return value;
  if (type === "texts") return JSON.parse(value as string);
  return Number(value);
}

/** A record that the database refuses would hold up all that follow it. */
function storable(text: string): string {
  return text.replaceAll("\0", "␀").replace(/\p{Surrogate}/gu, "\ufffd");
}
