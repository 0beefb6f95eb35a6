/** Errors that are remembered. */
const KEPT = 20;

/** Characters of an error that are kept. */
const LONGEST = 300;

/** What went wrong with a stream, for people: never a key, nor the part of an address that may hold one. */
export class StreamErrors {
  private readonly secrets: readonly string[];
  private readonly texts: string[] = [];
  private total = 0;

  /** @param secrets - texts that must not be told */
  constructor(secrets: readonly string[]) {
    this.secrets = secrets.filter((secret) => secret.length > 3);
  }

  /** How many there were. */
  get count(): number {
    return this.total;
  }

  /** The latest, the last one last. */
  get latest(): readonly string[] {
    return [...this.texts];
  }

  add(error: unknown): void {
    this.total++;
    this.texts.push(this.clean(error instanceof Error ? error.message : String(error)));
    if (this.texts.length > KEPT) this.texts.shift();
  }

  private clean(text: string): string {
    let shown = text;
    for (const secret of this.secrets) shown = shown.replaceAll(secret, "…");
    // User and password before the host, and everything after a question mark.
    shown = shown.replace(/(\w+:\/\/)[^/\s@]*@/g, "$1").replace(/(\w+:\/\/[^\s?]*)\?\S*/g, "$1");
    return shown.length > LONGEST ? `${shown.slice(0, LONGEST)} …` : shown;
  }
}
