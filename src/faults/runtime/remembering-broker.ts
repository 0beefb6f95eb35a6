import type { BookView } from "../../market/book-view.js";
import type { BrokerOrder, BrokerReport } from "../../runtime/broker/broker.js";
import type { PacedBroker } from "../../runtime/loop/session.js";
import type { ExchangeLog } from "./exchange-log.js";

/** Called between two steps of a run; throws where the run is to be abandoned. */
export type OnStep = (step: string) => void;

/** Stands before the paper broker: what was ordered is remembered outside of the process before it is taken. */
export class RememberingBroker implements PacedBroker {
  constructor(
    private readonly paper: PacedBroker,
    private readonly log: ExchangeLog,
    private readonly onStep: OnStep,
  ) {}

  async submit(order: BrokerOrder): Promise<void> {
    this.onStep("before an order");
    this.log.add(order);
    this.onStep("between exchange and answer");
    await this.paper.submit(order);
    this.onStep("after an order");
  }

  async withdraw(id: string, atUs: number, reason: string): Promise<void> {
    this.onStep("before a withdrawal");
    await this.paper.withdraw(id, atUs, reason);
    this.onStep("after a withdrawal");
  }

  async knows(id: string): Promise<boolean> {
    return this.log.has(id);
  }

  open(): readonly BrokerOrder[] {
    return this.paper.open();
  }

  reports(): readonly BrokerReport[] {
    return this.paper.reports();
  }

  onTime(symbol: string, localUs: number, book: BookView): boolean {
    return this.paper.onTime(symbol, localUs, book);
  }
}
