/** Share of altered things that the power is told for. */
const ALTERED_SHARE = 0.2;

/** What was drawn of what. */
interface DrawnThings {
  readonly things: number;
  /** Drawn without putting back, of those that can be read. */
  readonly drawn: number;
  /** Found to be unreadable: never drawn, and it may be just those that are altered. */
  readonly lacking: number;
}

/** Chance that some of a number of things hold one of the fifth of them that are altered. */
export function seenShare({ things, drawn, lacking }: DrawnThings): number {
  const readable = things - lacking;
  const altered = Math.max(0, Math.ceil(ALTERED_SHARE * things) - lacking);
  let unseen = 1;
  for (let i = 0; i < drawn; i++) unseen *= Math.max(0, readable - altered - i) / (readable - i);
  return 1 - unseen;
}
