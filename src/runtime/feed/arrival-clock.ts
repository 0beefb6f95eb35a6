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

/**
 * A clock of whole µs since the epoch that never goes back: the machine's wall clock, with the µs of its steady one. When
 * the wall clock is set back, it stands until that is caught up with.
 */
export function arrivalClock({ wallMs, steadyMs }: MachineClocks = MACHINE): () => number {
  let offsetUs = Number.NaN;
  let lastUs = 0;
  return () => {
    const steadyUs = steadyMs() * 1000;
    const wallUs = wallMs() * 1000;
    if (!(Math.abs(wallUs - (steadyUs + offsetUs)) <= MOST_DRIFT_US)) offsetUs = wallUs - steadyUs;
    lastUs = Math.max(lastUs, Math.floor(steadyUs + offsetUs));
    return lastUs;
  };
}
