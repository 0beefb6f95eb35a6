import { DAY_US } from "../../core/time.js";
import { type Column, makeColumn } from "../column.js";
import { type Field, SCHEMAS } from "../schema.js";
import type { DataType } from "../tables.js";
import { fieldKind } from "../tick-table.js";
import { fieldFlaw } from "./field-flaw.js";
import type { RowValue } from "./row-values.js";
import { type SideFields, sideFields } from "./side-fields.js";

/** Values that a batch of columns holds before it is handed on. */
const BATCH_VALUES = 1 << 18;

/** Who takes checked rows. */
export interface CheckedReceiver {
  /** Good rows in arrival order; the columns are used again after the call. */
  readonly append: (columns: readonly Column[], rows: number) => void;
  /** A row that breaks a rule: the rule as `field: what was wrong`, and the row's fields. */
  readonly reject: (reason: string, values: readonly RowValue[]) => void;
}

/**
 * Rows of one symbol and type, checked by the rules of the vendor's files and kept as typed columns: every field by its
 * rule in `SCHEMAS`, no amount without its price, `local_timestamp` in its day and never falling, `timestamp` within a day
 * of it.
 */
export class CheckedRows {
  readonly #fields: readonly Field[];
  readonly #sides: readonly SideFields[];
  readonly #columns: readonly Column[];
  readonly #capacity: number;
  readonly #receiver: CheckedReceiver;
  #dayStartUs: number;
  #localUs = 0;
  #filled = 0;
  #taken = 0;

  constructor(
    type: DataType,
    { dayStartUs, receiver }: { readonly dayStartUs: number; readonly receiver: CheckedReceiver },
  ) {
    this.#fields = SCHEMAS[type];
    this.#sides = sideFields(this.#fields);
    this.#capacity = Math.ceil(BATCH_VALUES / this.#fields.length);
    this.#columns = this.#fields.map(({ rule }) => makeColumn(fieldKind(rule), this.#capacity));
    this.#receiver = receiver;
    this.#dayStartUs = dayStartUs;
  }

  /** Rows seen so far, good and bad. */
  get rows(): number {
    return this.#taken;
  }

  /** The rows that follow are of another day. */
  setDay(dayStartUs: number): void {
    this.#dayStartUs = dayStartUs;
  }

  /** Checks a row and keeps it, or rejects it. */
  add(values: readonly RowValue[]): void {
    this.#taken++;
    const fields = this.#fields;
    for (let f = 0; f < fields.length; f++) {
      const flaw = fieldFlaw(fields[f]!, values[f]);
      if (flaw !== undefined) {
        this.#receiver.reject(`${fields[f]!.name}: ${flaw}`, values);
        return;
      }
    }
    const flaw = this.#loneAmount(values) ?? this.#timesFlaw(values);
    if (flaw !== undefined) {
      this.#receiver.reject(flaw, values);
      return;
    }
    this.#localUs = values[1] as number;
    for (let f = 0; f < fields.length; f++) put(this.#columns[f]!, this.#filled, values[f]);
    this.#filled++;
    if (this.#filled === this.#capacity) this.flush();
  }

  /** Hands on what is left. */
  flush(): void {
    if (this.#filled > 0) this.#receiver.append(this.#columns, this.#filled);
    this.#filled = 0;
  }

  #loneAmount(values: readonly RowValue[]): string | undefined {
    const lone = this.#sides.find(
      ({ amount, price }) => values[price] === undefined && values[amount] !== undefined,
    );
    return lone && `${this.#fields[lone.amount]!.name}: without a price`;
  }

  #timesFlaw(values: readonly RowValue[]): string | undefined {
    const [timestampUs, localUs] = values as readonly [number, number];
    const start = this.#dayStartUs;
    if (localUs < start || localUs >= start + DAY_US) {
      return "local_timestamp: outside the file's day";
    }
    if (localUs < this.#localUs) return "local_timestamp: before the row above";
    const isNear = Math.abs(localUs - timestampUs) <= DAY_US;
    return isNear ? undefined : "timestamp: more than a day from local_timestamp";
  }
}

/** Keeps a field; a missing number is NaN. */
function put(column: Column, row: number, value: RowValue): void {
  if (Array.isArray(column)) column[row] = value;
  else (column as Float64Array)[row] = value === undefined ? Number.NaN : Number(value);
}
