/**
 * A number with what it counts: "1 trade", "2,000 trades".
 *
 * @param noun - in the singular
 * @param plural - where it is not the singular and an s
 */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count.toLocaleString("en-US")} ${count === 1 ? noun : plural}`;
}
