const MOST_CHARACTERS = 300;

/** A text as a board keeps it: cut where it is too long to be read there, so that no text fills the memory. */
export function shortText(text: string, most: number = MOST_CHARACTERS): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
