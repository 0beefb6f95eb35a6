// Where orders go. Whatever stands behind it, an order is known by its identity, and is executed once.

/** A market order. */
export interface BrokerOrder {
  readonly id: string;
  readonly symbol: string;
  /** In base currency, above 0 to buy. */
  readonly amount: number;
  /** When it was decided, µs of market time. */
  readonly decidedUs: number;
  /** True for one that waits for a price where there is none, as those must that close a position. */
  readonly waits: boolean;
}

/** What an order traded. */
export interface BrokerFill {
  readonly kind: "fill";
  readonly order: BrokerOrder;
  readonly atUs: number;
  /** Of the order's sign. */
  readonly amount: number;
  readonly valueUsd: number;
  /** Of the book that it met. */
  readonly mid: number;
}

/** An order is over: nothing of it will be filled any more. */
export interface BrokerEnd {
  readonly kind: "end";
  readonly order: BrokerOrder;
  readonly atUs: number;
  readonly status: "filled" | "unfilled" | "withdrawn";
  readonly reason: string;
}

/** What a broker tells, in the order in which it happened. */
export type BrokerReport = BrokerFill | BrokerEnd;

/** A broker. */
export interface Broker {
  /** Takes an order. One of an identity that it has taken before changes nothing. */
  submit(order: BrokerOrder): Promise<void>;
  /** Takes an order back, if it is not filled yet. */
  withdraw(id: string, atUs: number, reason: string): Promise<void>;
  /** Orders that are neither filled nor over. */
  open(): readonly BrokerOrder[];
  /** Whether it has taken an order of an identity, be it from an earlier process. */
  knows(id: string): Promise<boolean>;
  /** What has happened since the last call. */
  reports(): readonly BrokerReport[];
}
