// What do people and machines outside of the market say of a run, now or when an earlier process went through this time?
import type { Broker } from "../broker/broker.js";
import type { OrderRecord } from "../records.js";
import type { Control } from "./control.js";
import { HALTED, LIFTED, OUTSIDE, type Prior, type PriorHalt } from "./prior.js";
import type { RunJournal, WrittenRecords } from "./run-journal.js";

/** Whom it asks. */
interface OutsideParts {
  readonly control: Control;
  readonly journal: Pick<RunJournal, "isUp">;
  readonly broker: Pick<Broker, "knows">;
  readonly prior: Prior;
  /** The order to stop that an earlier process had found; "" for none. */
  readonly halted: string;
  readonly tell: (atUs: number, name: string, symbol: string, detail: string) => void;
}

/** Asks operator, registry and database; of a time that was gone through before, it knows what they said then. */
export class OutsideWatch {
  /** The order to stop that was found last; "" for none. */
  halted: string;
  /** Why the model may not run any more; "" where it may. */
  demoted = "";
  private readonly parts: OutsideParts;
  /** Those that an earlier process found and this one has not come to. */
  private readonly ahead: PriorHalt[];

  constructor(parts: OutsideParts) {
    this.parts = parts;
    this.halted = parts.halted;
    this.ahead = [...parts.prior.halts];
  }

  /** When an earlier process found an order to stop, or its end: the next of these times. */
  get nextHaltUs(): number {
    return this.ahead[0]?.atUs ?? Number.POSITIVE_INFINITY;
  }

  /**
   * Looks whether an operator has halted the run, or its model was demoted.
   *
   * @returns why nothing may be entered; "" where nobody said so
   */
  async look(atUs: number): Promise<string> {
    while (this.nextHaltUs <= atUs) {
      const then = this.ahead.shift()!;
      this.found(then.atUs, then.halted);
    }
    if (atUs <= this.parts.prior.untilUs) return this.halted;
    const { halted, demoted } = await this.parts.control.look();
    this.found(atUs, halted);
    if (demoted !== this.demoted && demoted !== "") this.parts.tell(atUs, "demoted", "", demoted);
    this.demoted = demoted;
    return halted || demoted;
  }

  /**
   * Why nothing is entered on a bar, as its decision tells it; "" where nobody outside of the market minds.
   *
   * @param now - what `look` found at its end
   */
  reasonAt(symbol: string, barEndUs: number, now: string): string {
    const before = this.parts.prior.decision(symbol, barEndUs);
    if (before !== undefined) return before.reason.startsWith(OUTSIDE) ? before.reason : "";
    const reason = now || (this.parts.journal.isUp ? "" : "the journal's database is down");
    return reason === "" ? "" : `${OUTSIDE}${reason}`;
  }

  /** Whether an order is not to be sent: taken back before, or an entry that the database did not take and nobody sent. */
  async isTooLate(
    { id, purpose, barEndUs }: OrderRecord,
    where: WrittenRecords["where"],
  ): Promise<boolean> {
    const { prior, broker } = this.parts;
    if (prior.isTakenBack(id)) return true;
    if (where === "database" || purpose !== "entry") return false;
    if (barEndUs < prior.lastBarUs) return false;
    return !(await broker.knows(id));
  }

  private found(atUs: number, halted: string): void {
    if (halted !== this.halted) {
      this.parts.tell(atUs, halted === "" ? LIFTED : HALTED, "", halted);
    }
    this.halted = halted;
  }
}
