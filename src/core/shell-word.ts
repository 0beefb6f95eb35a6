/** A text as one word of a POSIX shell, for a command that people copy: quoted where it holds more than plain characters. */
export function shellWord(text: string): string {
  if (/^[A-Za-z0-9_@%+:,./-]+$/.test(text)) return text;
  return `'${text.replaceAll("'", "'\\''")}'`;
}
