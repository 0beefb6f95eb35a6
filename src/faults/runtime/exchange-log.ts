// What an exchange would know of a run's orders: a file that outlives the process, written before an order is taken.
import { closeSync, fsyncSync, openSync, readFileSync, truncateSync, writeSync } from "node:fs";
import path from "node:path";
import type { BrokerOrder } from "../../runtime/broker/broker.js";
import { runFolder } from "./run-scene.js";

/** An order as the exchange has seen it. */
export interface SeenOrder extends BrokerOrder {
  /** When it came, ms of the machine's clock. */
  readonly seenMs: number;
  /** True where an order of this identity was seen before, and was another one. */
  readonly isOther: boolean;
}

/** Where the file of a root's run lies. */
export function exchangeFile(root: string): string {
  return path.join(runFolder(root), "exchange.jsonl");
}

/** All orders of a file, in the order in which they came; none where there is no file. */
export function readExchange(file: string): readonly SeenOrder[] {
  return wholeLines(file).map((line) => JSON.parse(line) as SeenOrder);
}

/** Takes down orders, each identity once. */
export class ExchangeLog {
  private readonly seen = new Map<string, BrokerOrder>();
  private readonly handle: number;

  /** @param file - of an earlier process, or none yet; its folder exists */
  constructor(file: string) {
    const lines = wholeLines(file);
    for (const order of readExchange(file)) this.seen.set(order.id, order);
    this.handle = openSync(file, "a");
    // A kill in the middle of a line: that order was not taken.
    truncateSync(file, Buffer.byteLength(lines.map((line) => `${line}\n`).join("")));
  }

  has(id: string): boolean {
    return this.seen.has(id);
  }

  /** Returns when it is on the disk; the same order again changes nothing. */
  add(order: BrokerOrder): void {
    const known = this.seen.get(order.id);
    if (known !== undefined && isSame(known, order)) return;
    const line: SeenOrder = { ...order, seenMs: Date.now(), isOther: known !== undefined };
    writeSync(this.handle, `${JSON.stringify(line)}\n`);
    fsyncSync(this.handle);
    this.seen.set(order.id, order);
  }

  close(): void {
    closeSync(this.handle);
  }
}

function isSame(one: BrokerOrder, other: BrokerOrder): boolean {
  const textOf = ({ id, symbol, amount, decidedUs, waits }: BrokerOrder): string =>
    JSON.stringify([id, symbol, amount, decidedUs, waits]);
  return textOf(one) === textOf(other);
}

function wholeLines(file: string): readonly string[] {
  try {
    return readFileSync(file, "utf8").split("\n").slice(0, -1);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
