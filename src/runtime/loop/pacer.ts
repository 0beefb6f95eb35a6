import { setTimeout as sleep } from "node:timers/promises";

/** How often a paced replay stands still, ms of the machine's clock. */
const STEP_MS = 100;

/** Keeps a replay from running ahead of the machine's clock. */
export class Pacer {
  private readonly speed: number;
  private readonly signal: AbortSignal;
  private startUs = Number.NaN;
  private startMs = 0;
  private nextUs = Number.NEGATIVE_INFINITY;

  /** @param speed - market seconds a second; Infinity for as fast as it goes */
  constructor(speed: number, signal: AbortSignal) {
    this.speed = speed;
    this.signal = signal;
  }

  /** Whether the replay is to stand still at a market time. */
  isDue(timeUs: number): boolean {
    return timeUs >= this.nextUs && this.speed !== Number.POSITIVE_INFINITY;
  }

  /** Waits until the machine's clock has come as far as a market time. */
  async wait(timeUs: number): Promise<void> {
    if (!this.isDue(timeUs)) return;
    if (Number.isNaN(this.startUs)) {
      this.startUs = timeUs;
      this.startMs = performance.now();
    }
    this.nextUs = timeUs + STEP_MS * 1e3 * this.speed;
    const dueMs = this.startMs + (timeUs - this.startUs) / 1e3 / this.speed;
    const restMs = dueMs - performance.now();
    if (restMs > 1) await sleep(restMs, undefined, { signal: this.signal }).catch(() => undefined);
  }
}
