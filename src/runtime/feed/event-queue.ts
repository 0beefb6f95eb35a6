import { performance } from "node:perf_hooks";
import type { FeedEvent } from "./feed-event.js";

/** Where events are taken from as they come, without a promise for each. */
export interface EventSource {
  /** The oldest event; undefined when there is none yet, or none any more. */
  readonly take: () => FeedEvent | undefined;
  /** Calls one listener, the last one given, when there is something to take again, and at the end. */
  readonly listen: (listener: () => void) => void;
  /** True when nothing comes any more; what a source failed with is thrown at whoever asks. */
  readonly isOver: boolean;
}

/** Places of events that were taken are cut off when there are so many. */
const CUT = 1024;

/** Events between who brings and who takes them: bounded, with an age. */
export class EventQueue implements EventSource {
  private readonly capacity: number;
  private readonly nowMs: () => number;
  private events: (FeedEvent | undefined)[] = [];
  private timesMs: number[] = [];
  private first = 0;
  private isClosed = false;
  private failure: unknown;
  private wake: (() => void)[] = [];
  private listener: () => void = () => {};

  /** @param capacity - events at which it is full; whoever brings some should wait then */
  constructor(capacity: number, nowMs: () => number = () => performance.now()) {
    this.capacity = capacity;
    this.nowMs = nowMs;
  }

  /** Events that wait. */
  get size(): number {
    return this.events.length - this.first;
  }

  /** Whether more should wait to be brought. */
  get isFull(): boolean {
    return this.size >= this.capacity;
  }

  /** How long the oldest event has waited, µs; 0 when none does. */
  get lagUs(): number {
    const sinceMs = this.timesMs[this.first];
    return sinceMs === undefined ? 0 : Math.round((this.nowMs() - sinceMs) * 1000);
  }

  push(event: FeedEvent): void {
    if (this.isClosed) return;
    this.events.push(event);
    this.timesMs.push(this.nowMs());
    if (this.size === 1) this.wakeAll();
  }

  listen(listener: () => void): void {
    this.listener = listener;
  }

  get isOver(): boolean {
    if (this.failure !== undefined) throw this.failure;
    return this.isClosed;
  }

  /** The oldest event; undefined when there is none. */
  take(): FeedEvent | undefined {
    const event = this.events[this.first];
    if (event === undefined) return undefined;
    const wasFull = this.isFull;
    this.events[this.first++] = undefined;
    // What was taken is cut off now and then: each time would be more work than all else that is done here.
    if (this.first >= Math.min(this.capacity, CUT)) {
      this.events = this.events.slice(this.first);
      this.timesMs = this.timesMs.slice(this.first);
      this.first = 0;
    }
    if (wasFull && !this.isFull) this.wakeAll();
    return event;
  }

  /** Resolves at the next change from empty or from full, and when the queue is closed. */
  changed(): Promise<void> {
    if (this.isClosed) return Promise.resolve();
    return new Promise((resolve) => {
      this.wake.push(resolve);
    });
  }

  /**
   * Nothing more comes; what waits is dropped.
   *
   * @param failure - thrown at whoever takes events one after the other
   */
  close(failure?: unknown): void {
    this.isClosed = true;
    this.failure = failure;
    this.events = [];
    this.timesMs = [];
    this.first = 0;
    this.wakeAll();
  }

  /** Events one after the other, until the queue is closed. */
  async *[Symbol.asyncIterator](): AsyncGenerator<FeedEvent, void, undefined> {
    while (!this.isOver) {
      const event = this.take();
      if (event === undefined) await this.changed();
      else yield event;
    }
  }

  private wakeAll(): void {
    const waiting = this.wake;
    this.wake = [];
    for (const resolve of waiting) resolve();
    this.listener();
  }
}
