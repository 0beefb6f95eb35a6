const LONGEST = 60;

/**
 * Texts as values of a metric's label. Each new value is a new time series for ever, so only the part before a colon counts
 * (what follows is detail), and beyond a number of different ones all are "other".
 */
export class LabelValues {
  private readonly known = new Set<string>();
  private readonly limit: number;

  constructor(limit = 40) {
    this.limit = limit;
  }

  /** The label's value for a text; "none" for an empty one. */
  of(text: string): string {
    const value = text.split(":", 1)[0]!.trim().slice(0, LONGEST) || "none";
    if (this.known.has(value)) return value;
    if (this.known.size >= this.limit) return "other";
    this.known.add(value);
    return value;
  }
}
