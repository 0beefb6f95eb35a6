import type { FaultResult } from "./campaign.js";

/** What became of one planted fault. */
export type Outcome = "detected" | "lost" | "duplicated" | "silent";

/** Counts what became of one kind of fault; what was found is compared with the truth by whoever adds it. */
export class Tally {
  readonly #fault: string;
  readonly #counts: Record<Outcome, number> = { detected: 0, lost: 0, duplicated: 0, silent: 0 };
  #tries = 0;
  readonly #firsts = new Map<Outcome | undefined, string>();

  /** @param fault - kind of fault, in words */
  constructor(fault: string) {
    this.#fault = fault;
  }

  /**
   * One try.
   *
   * @param outcome - undefined: noticed, but not as it should have been
   * @param what - which try it was and what was seen; the first of each outcome but `detected` is kept for the note
   */
  add(outcome: Outcome | undefined, what: string): void {
    this.#tries++;
    if (outcome !== undefined) this.#counts[outcome]++;
    if (outcome === "detected" || this.#firsts.has(outcome)) return;
    this.#firsts.set(outcome, `${outcome ?? "not named"}: ${what}`);
  }

  /** @param note - what else a reader should know; the first tries that went wrong are added to it */
  result(note = ""): FaultResult {
    const full = [note, ...this.#firsts.values()].filter((part) => part !== "").join("; ");
    return {
      fault: this.#fault,
      tries: this.#tries,
      ...this.#counts,
      ...(full === "" ? {} : { note: full }),
    };
  }
}
