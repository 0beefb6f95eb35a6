// How are an hour's reasons stored, so that people read them in one text and nothing is lost?

const SEPARATOR = "; ";

/** A separator behind an even number of backslashes; one behind an odd number is of the reason. */
const BETWEEN = /(?<=(?<!\\)(?:\\\\)*); /;

/** Reasons as one text; a semicolon or backslash of a reason has a backslash before it. No reason is empty. */
export function reasonsText(reasons: readonly string[]): string {
  return reasons.map((reason) => reason.replace(/[\\;]/g, "\\$&")).join(SEPARATOR);
}

/** The reasons that such a text was made of. */
export function reasonsOf(text: string): readonly string[] {
  if (text === "") return [];
  return text.split(BETWEEN).map((reason) => reason.replace(/\\([\\;])/g, "$1"));
}
