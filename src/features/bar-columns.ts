import { BAR_NUMBERS, type Bar, type OpenBar, PARTS } from "./bar.js";

/** Bars one after the other, as plain columns that can be sent to another thread. */
export interface BarColumns {
  readonly rows: number;
  /** rows × the numbers of `BAR_NUMBERS`, bar by bar. */
  readonly numbers: Float64Array;
  /** rows × parts. */
  readonly partMoveBps: Float64Array;
  readonly partSignedNotional: Float64Array;
  /** Index of the order after each bar's last one. */
  readonly ordersEnd: Float64Array;
  readonly orderSide: Int8Array;
  readonly orderAmount: Float64Array;
}

const NUMBERS = BAR_NUMBERS.length;

/** Copies a bar out of columns; what the bar holds of orders are views of them. */
export function readBar(columns: BarColumns, row: number, bar: OpenBar): void {
  for (let i = 0; i < NUMBERS; i++) bar[BAR_NUMBERS[i]!] = columns.numbers[row * NUMBERS + i]!;
  const [from, to] = [row * PARTS, (row + 1) * PARTS];
  bar.partMoveBps.set(columns.partMoveBps.subarray(from, to));
  bar.partSignedNotional.set(columns.partSignedNotional.subarray(from, to));
  const first = row === 0 ? 0 : columns.ordersEnd[row - 1]!;
  const end = columns.ordersEnd[row]!;
  bar.orders = {
    count: end - first,
    side: columns.orderSide.subarray(first, end),
    amount: columns.orderAmount.subarray(first, end),
  };
}

/** End of a bar of columns, µs. */
export function barEndUs({ numbers }: BarColumns, row: number): number {
  return numbers[row * NUMBERS]!;
}

/** Collects bars. */
export class BarCollector {
  private rows = 0;
  private numbers = new Float64Array(64 * NUMBERS);
  private moves = new Float64Array(64 * PARTS);
  private notionals = new Float64Array(64 * PARTS);
  private ordersEnd = new Float64Array(64);
  private orders = 0;
  private sides = new Int8Array(1024);
  private amounts = new Float64Array(1024);

  /** Number of bars so far. */
  get size(): number {
    return this.rows;
  }

  add(bar: Bar): void {
    const row = this.rows++;
    this.numbers = withRoom(this.numbers, this.rows * NUMBERS);
    this.moves = withRoom(this.moves, this.rows * PARTS);
    this.notionals = withRoom(this.notionals, this.rows * PARTS);
    this.ordersEnd = withRoom(this.ordersEnd, this.rows);
    BAR_NUMBERS.forEach((name, i) => {
      this.numbers[row * NUMBERS + i] = bar[name];
    });
    this.moves.set(bar.partMoveBps, row * PARTS);
    this.notionals.set(bar.partSignedNotional, row * PARTS);
    const { count, side, amount } = bar.orders;
    this.sides = withRoom(this.sides, this.orders + count);
    this.amounts = withRoom(this.amounts, this.orders + count);
    this.sides.set(side.subarray(0, count), this.orders);
    this.amounts.set(amount.subarray(0, count), this.orders);
    this.orders += count;
    this.ordersEnd[row] = this.orders;
  }

  /** The bars so far. */
  columns(): BarColumns {
    const { rows, orders } = this;
    return {
      rows,
      numbers: this.numbers.slice(0, rows * NUMBERS),
      partMoveBps: this.moves.slice(0, rows * PARTS),
      partSignedNotional: this.notionals.slice(0, rows * PARTS),
      ordersEnd: this.ordersEnd.slice(0, rows),
      orderSide: this.sides.slice(0, orders),
      orderAmount: this.amounts.slice(0, orders),
    };
  }
}

function withRoom<Column extends Float64Array | Int8Array>(column: Column, length: number): Column {
  if (length <= column.length) return column;
  const Type = column.constructor as new (length: number) => Column;
  const longer = new Type(Math.max(2 * column.length, length));
  longer.set(column);
  return longer;
}
