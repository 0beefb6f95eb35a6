import { performance } from "node:perf_hooks";

/** How far the steady clock may drift from the wall clock before it is set anew, µs. */
const MOST_DRIFT_US = 2000;

/** Clocks of the machine, ms. */
interface MachineClocks {
  /** Since the epoch; it may jump. */
  readonly wallMs: () => number;
  /** Since whenever; it never goes back. */
  readonly steadyMs: () => number;
}

const MACHINE: MachineClocks = { wallMs: () => Date.now(), steadyMs: () => performance.now() };

/** A clock that never goes back. */
export interface ArrivalClock {
  /** Whole µs since the epoch. */
  readonly nowUs: () => number;
  /** How far it is ahead of the machine's wall clock, which was set back, µs. */
  readonly aheadUs: () => number;
}

/**
 * A clock of whole µs since the epoch that never goes back and never stands: the machine's wall clock, with the µs of its steady
 * one. When the wall clock is set back, time goes on at half the steady clock's pace until that is caught up with, after twice
 * the step.
 */
export function arrivalClock({ wallMs, steadyMs }: MachineClocks = MACHINE): ArrivalClock {
  let offsetUs = Number.NaN;
  // When the wall clock was followed last, by itself and by the steady one.
  let followedUs = Number.NEGATIVE_INFINITY;
  let atSteadyUs = 0;
  let lastUs = 0;
  const nowUs = (): number => {
    const steadyUs = steadyMs() * 1000;
    const wallUs = wallMs() * 1000;
    if (!(Math.abs(wallUs - (steadyUs + offsetUs)) <= MOST_DRIFT_US)) offsetUs = wallUs - steadyUs;
    const slowUs = followedUs + (steadyUs - atSteadyUs) / 2;
    const rightUs = steadyUs + offsetUs;
    if (rightUs >= slowUs) {
      followedUs = rightUs;
      atSteadyUs = steadyUs;
    }
    lastUs = Math.max(lastUs, Math.floor(Math.max(rightUs, slowUs)));
    return lastUs;
  };
  const aheadUs = (): number => Math.max(0, nowUs() - wallMs() * 1000);
  return { nowUs, aheadUs };
}
