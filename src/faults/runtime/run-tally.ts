import type { FaultResult } from "../campaign.js";
import type { RunFlaws } from "./run-left.js";

/** Counts what became of runs that were stopped again and again. */
export class RunTally {
  readonly #fault: string;
  readonly #counts = { tries: 0, detected: 0, lost: 0, duplicated: 0, silent: 0 };
  readonly #where = new Map<string, number>();
  #first: string | undefined;

  /** @param fault - in words */
  constructor(fault: string) {
    this.#fault = fault;
  }

  /** Faults planted so far. */
  get tries(): number {
    return this.#counts.tries;
  }

  /**
   * One run to its end; all of its faults stood when nothing is wrong with it.
   *
   * @param which - the run, in words
   * @param places - where its faults were planted
   * @param flaws - of the run, and of each moment at which it was stopped
   */
  add(which: string, places: readonly string[], flaws: readonly RunFlaws[]): void {
    const sum = (of: (flaw: RunFlaws) => number): number =>
      flaws.reduce((total, flaw) => total + of(flaw), 0);
    const found = { lost: sum(({ lost }) => lost), duplicated: sum((one) => one.duplicated) };
    const unlogged = sum((one) => one.unlogged);
    const what = flaws.flatMap((flaw) => (flaw.what === "" ? [] : [flaw.what]));
    this.#counts.tries += places.length;
    this.#counts.lost += found.lost;
    this.#counts.duplicated += found.duplicated;
    this.#counts.silent += unlogged + what.length;
    for (const place of places) this.#where.set(place, (this.#where.get(place) ?? 0) + 1);
    const isGood = found.lost + found.duplicated + unlogged + what.length === 0;
    if (isGood) this.#counts.detected += places.length;
    else {
      this.#first ??= `${which}: ${found.lost} orders lost, ${found.duplicated} doubled, ${unlogged} not written down; ${what.join("; ")}`;
    }
  }

  /** @param note - what else a reader should know; the first run that went wrong is added */
  result(note = ""): FaultResult {
    const where = [...this.#where].map(([place, count]) => `${count} ${place}`).join(", ");
    const full = [note, where, this.#first ?? ""].filter((part) => part !== "").join("; ");
    return { fault: this.#fault, ...this.#counts, ...(full === "" ? {} : { note: full }) };
  }
}

/** Nothing is wrong. */
export const NO_FLAWS: RunFlaws = { lost: 0, duplicated: 0, unlogged: 0, what: "" };
