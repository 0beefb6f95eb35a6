import type { FillRecord, OrderEndRecord, OrderRecord } from "../records.js";
import type { OrderView } from "./monitor-state.js";
import { Ring } from "./ring.js";
import { shortText } from "./short-text.js";

interface Entry {
  readonly order: OrderRecord;
  filledAmount: number;
  valueUsd: number;
  feeUsd: number;
  status: OrderView["status"];
  reason: string;
}

/** The last orders with what became of them. */
export class OrderList {
  private readonly ring: Ring<Entry>;
  private readonly byId = new Map<string, Entry>();

  constructor(limit: number) {
    this.ring = new Ring(limit);
  }

  /** Adds an order; one that is there already stays as it is. */
  add(order: OrderRecord): void {
    if (this.byId.has(order.id)) return;
    const none = { filledAmount: 0, valueUsd: 0, feeUsd: 0 };
    const entry: Entry = { order, ...none, status: "open", reason: "" };
    const old = this.ring.push(entry);
    if (old !== undefined) this.byId.delete(old.order.id);
    this.byId.set(order.id, entry);
  }

  /** Books a fill of an order that is still listed. */
  fill({ orderId, amount, valueUsd, feeUsd }: FillRecord): void {
    const entry = this.byId.get(orderId);
    if (entry === undefined) return;
    entry.filledAmount += Math.abs(amount);
    entry.valueUsd += Math.abs(valueUsd);
    entry.feeUsd += feeUsd;
  }

  /** Says how an order ended that is still listed. */
  end({ orderId, status, reason }: OrderEndRecord): void {
    const entry = this.byId.get(orderId);
    if (entry === undefined) return;
    entry.status = status;
    entry.reason = shortText(reason);
  }

  /** The newest first. */
  view(): readonly OrderView[] {
    return this.ring.newestFirst().map(({ order, valueUsd, ...rest }) => ({
      id: shortText(order.id),
      decidedUs: order.decidedUs,
      symbol: order.symbol,
      side: order.side,
      purpose: order.purpose,
      amount: order.amount,
      fillPrice: rest.filledAmount > 0 ? valueUsd / rest.filledAmount : Number.NaN,
      filledAmount: rest.filledAmount,
      feeUsd: rest.feeUsd,
      status: rest.status,
      reason: rest.reason,
    }));
  }
}
