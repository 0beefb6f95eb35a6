/** Bytes that are not what our writer writes; whoever knows whose they are says so with the remedy. */
export class CorruptFile extends Error {}

/**
 * Goes on only where what was read can be right.
 *
 * @param what - what is wrong otherwise, as the end of a sentence
 * @throws {CorruptFile} it cannot
 */
export function requireSound(isSound: boolean, what: string): asserts isSound {
  if (!isSound) throw new CorruptFile(what);
}
