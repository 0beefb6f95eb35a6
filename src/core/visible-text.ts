/**
 * Quoted input must neither command the terminal that shows it nor hide in it: control characters, changes of direction,
 * line separators and what has no width (a byte order mark among them) are escaped.
 */
export function visibleText(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => {
    const code = character.codePointAt(0)!.toString(16);
    return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, "0")}`;
  });
}
