import type { Writable } from "node:stream";

/**
 * Writes text piece by piece, and asks for a piece only once the stream has room for it, so that a slow reader keeps
 * memory flat. A reader that goes away, as `| head` does, ends the pieces and is no error.
 *
 * @param stream - whose own `error` event tells of a disk that is full
 * @returns whether all was written
 * @throws what the pieces throw; what was written until then stays
 */
export async function printText(
  pieces: AsyncIterable<string>,
  stream: Writable = process.stdout,
): Promise<boolean> {
  for await (const piece of pieces) {
    if (!(await isTaken(piece, stream))) return false;
  }
  return true;
}

function isTaken(piece: string, stream: Writable): Promise<boolean> {
  return new Promise((resolve) => {
    const hasRoom = stream.write(piece, (error) => resolve(error === undefined || error === null));
    if (hasRoom) resolve(true);
  });
}
