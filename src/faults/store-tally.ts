import type { FaultResult } from "./campaign.js";
import type { StoreDifference } from "./compare-stores.js";

/** Counts what became of a store under one kind of fault, from comparisons with the truth. */
export class StoreTally {
  readonly #fault: string;
  readonly #counts = { tries: 0, detected: 0, lost: 0, duplicated: 0, silent: 0 };
  #first: string | undefined;

  /** @param fault - kind of fault, in words */
  constructor(fault: string) {
    this.#fault = fault;
  }

  /**
   * One try; it stands the test when the store is the truth to the byte and nothing was complained about on the way.
   *
   * @param which - the try, in words
   * @param difference - the store at the end, compared with the truth
   * @param flaw - what else was not as it should be; undefined when nothing was
   */
  add(which: string, difference: StoreDifference, flaw?: string): void {
    const { isSame, lost, duplicated, isSilent, what } = difference;
    this.#counts.tries++;
    this.#counts.lost += lost;
    this.#counts.duplicated += duplicated;
    if (isSilent) this.#counts.silent++;
    if (isSame && flaw === undefined) this.#counts.detected++;
    else this.#first ??= `${which}: ${[flaw, what].filter(Boolean).join("; ")}`;
  }

  /** One try whose fault could not be planted: it shows nothing, so it stands nothing. */
  miss(which: string, why: string): void {
    this.#counts.tries++;
    this.#first ??= `${which}: ${why}`;
  }

  /** @param note - what else a reader should know; the first try that went wrong is added */
  result(note = ""): FaultResult {
    const full = [note, this.#first ?? ""].filter((part) => part !== "").join("; ");
    return { fault: this.#fault, ...this.#counts, ...(full === "" ? {} : { note: full }) };
  }
}
