import { MINUTE_US } from "../../core/time.js";

/**
 * For how long of each minute a valid book was known, and how many of its states there were, by arrival time. A state is in
 * force until the next one or until it is stale, whichever comes first.
 */
export class ValidBookMinutes {
  /** States that arrived in each minute. */
  readonly states: Float64Array;
  /** Time of each minute with a valid book, µs. */
  readonly validUs: Float64Array;
  readonly #startUs: number;
  readonly #staleAfterUs: number;
  #sinceUs = Number.NaN;

  /**
   * @param startUs - start of the first minute
   * @param minutes - how many
   * @param staleAfterUs - age beyond which a state is no longer known to hold
   */
  constructor(startUs: number, minutes: number, staleAfterUs: number) {
    this.states = new Float64Array(minutes);
    this.validUs = new Float64Array(minutes);
    this.#startUs = startUs;
    this.#staleAfterUs = staleAfterUs;
  }

  /** A new state, in order of arrival. */
  onState(localUs: number, isValid: boolean): void {
    this.end(localUs);
    const minute = Math.floor((localUs - this.#startUs) / MINUTE_US);
    if (minute >= 0 && minute < this.states.length) this.states[minute]!++;
    this.#sinceUs = isValid ? localUs : Number.NaN;
  }

  /** The last state held until this time at most; nothing is known from then on. */
  end(untilUs: number = Number.POSITIVE_INFINITY): void {
    const lastUs = this.#startUs + this.states.length * MINUTE_US;
    const endUs = Math.min(untilUs, this.#sinceUs + this.#staleAfterUs, lastUs);
    let fromUs = Math.max(this.#sinceUs, this.#startUs);
    while (fromUs < endUs) {
      const minute = Math.floor((fromUs - this.#startUs) / MINUTE_US);
      const toUs = Math.min(endUs, this.#startUs + (minute + 1) * MINUTE_US);
      this.validUs[minute]! += toUs - fromUs;
      fromUs = toUs;
    }
    this.#sinceUs = Number.NaN;
  }
}
