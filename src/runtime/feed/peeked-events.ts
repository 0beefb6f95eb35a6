import type { FeedEvent } from "./feed-event.js";

/** Events of a stream, of which the first can be looked at before anybody takes them. */
export class PeekedEvents implements AsyncIterable<FeedEvent> {
  private readonly events: AsyncIterator<FeedEvent>;
  private readonly seen: FeedEvent[] = [];
  /** Asked for by whoever looked, and not come yet. */
  private coming: Promise<IteratorResult<FeedEvent>> | undefined;

  constructor(events: AsyncIterable<FeedEvent>) {
    this.events = events[Symbol.asyncIterator]();
  }

  /**
   * Looks at one event after the other until one answers; all of them are told again to whoever takes them afterwards.
   *
   * @param ask - undefined where the event does not answer
   * @returns undefined where they end, or at the signal
   */
  async look<Answer>(
    ask: (event: FeedEvent) => Answer | undefined,
    signal: AbortSignal,
  ): Promise<Answer | undefined> {
    let end: () => void = () => {};
    const aborted = new Promise<undefined>((resolve) => {
      end = () => resolve(undefined);
    });
    signal.addEventListener("abort", end);
    try {
      while (!signal.aborted) {
        this.coming ??= this.events.next();
        const next = await Promise.race([this.coming, aborted]);
        if (next === undefined || next.done === true) return undefined;
        this.coming = undefined;
        this.seen.push(next.value);
        const answer = ask(next.value);
        if (answer !== undefined) return answer;
      }
      return undefined;
    } finally {
      signal.removeEventListener("abort", end);
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<FeedEvent, void, undefined> {
    yield* this.seen.splice(0);
    for (;;) {
      const next = await (this.coming ?? this.events.next());
      this.coming = undefined;
      if (next.done === true) return;
      yield next.value;
    }
  }
}
