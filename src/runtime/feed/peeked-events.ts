import type { EventSource } from "./event-queue.js";
import type { FeedEvent } from "./feed-event.js";

/** Events of a stream, of which the first can be looked at before anybody takes them. */
export class PeekedEvents implements EventSource {
  private readonly source: EventSource;
  private readonly seen: FeedEvent[] = [];

  constructor(source: EventSource) {
    this.source = source;
  }

  take(): FeedEvent | undefined {
    return this.seen.shift() ?? this.source.take();
  }

  listen(listener: () => void): void {
    this.source.listen(listener);
  }

  get isOver(): boolean {
    return this.seen.length === 0 && this.source.isOver;
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
    const { source } = this;
    let wake: () => void = () => {};
    const onAbort = (): void => wake();
    signal.addEventListener("abort", onAbort);
    try {
      while (!signal.aborted) {
        const event = source.take();
        if (event === undefined) {
          if (source.isOver) return undefined;
          await new Promise<void>((resolve) => {
            wake = resolve;
            source.listen(resolve);
          });
          continue;
        }
        this.seen.push(event);
        const answer = ask(event);
        if (answer !== undefined) return answer;
      }
      return undefined;
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }
}
