/** Of those that have waited long enough, so many at most are kept. */
const MOST_DONE = 4096;

/** What happened and was not answered in time: counted, and forgotten, by times alone. */
export class Unanswered {
  /** How many of them something was told after, later than they wait for an answer. */
  count = 0;
  private readonly waitUs: number;
  /** Times of those that may still be answered, from `first` on; and how many have waited long enough. */
  private waiting: number[] = [];
  private first = 0;
  private overdue = 0;

  /** @param waitUs - how long an answer may take, µs */
  constructor(waitUs: number) {
    this.waitUs = waitUs;
  }

  /** Takes the time of one more, in order, µs. */
  add(timeUs: number): void {
    this.wait(timeUs);
    this.waiting.push(timeUs);
  }

  /** Something was told that does not answer them. */
  tell(nowUs: number): void {
    this.wait(nowUs);
    this.count += this.overdue;
    this.overdue = 0;
  }

  /** Forgets all. */
  clear(): void {
    this.count = 0;
    this.overdue = 0;
    this.drop();
  }

  private wait(nowUs: number): void {
    const { waiting } = this;
    while (this.first < waiting.length && nowUs - waiting[this.first]! >= this.waitUs) {
      this.first++;
      this.overdue++;
    }
    if (this.first > 0 && this.first === waiting.length) this.drop();
    if (this.first < MOST_DONE) return;
    // However long nothing is told, those that wait no longer need no room.
    waiting.splice(0, this.first);
    this.first = 0;
  }

  private drop(): void {
    if (this.waiting.length > 0) this.waiting = [];
    this.first = 0;
  }
}
